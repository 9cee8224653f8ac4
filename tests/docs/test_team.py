"""What the page for those who run the workbench says is so: its proxy lets people in, its copies come back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

import httpx
import pytest

from tests.desk import postgres
from tests.docs.pages import DOCS, text_of
from tests.web.served import Served, serving, sign_of

NAME, PASSWORD, CLIENT = "workbench.example.org", "practice and nothing else", "127.0.0.2"


def block(said: str) -> str:
    """A block of the page, by what stands after its fence."""
    found = re.search(rf"^```{said}\n(.*?)^```$", text_of(DOCS / "team.md"), re.MULTILINE | re.DOTALL)
    assert found is not None, said
    return found[1]


def needed(there: object, what: str) -> None:
    """Skips where a program is missing, but fails in CI."""
    if not there:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is not installed; .ci/run installs it")


def ran(script: str, folder: Path, **env: str) -> str:
    """What a script of the page prints in a folder. Any step that fails is a failure."""
    path = os.pathsep.join([str(Path(sys.executable).parent), env.pop("PATH", ""), os.environ["PATH"]])
    there = os.environ | {"HARMATTAN_PASSWORD": PASSWORD, "HARMATTAN_USER": "test", "PATH": path} | env
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=there, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def free_port() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server as the page starts it, with an account."""
    home = tmp_path_factory.mktemp("team") / "home"
    ran("harmattan accounts add awa --role editor", home.parent, HARMATTAN_HOME=str(home))
    command = re.search(r"^harmattan serve (.*)$", text_of(DOCS / "team.md"), re.MULTILINE)
    assert command is not None
    with serving(home, *command[1].split()) as found:
        yield found


@contextmanager
def proxied(server: Served, folder: Path) -> Iterator[str]:
    """The page's nginx before a server, with a certificate of its own; gives its address."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    needed(program, "nginx")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-keyout", folder / "workbench.key", "-out", folder / "workbench.pem"], check=True, capture_output=True,
    )  # fmt: skip
    port, said = free_port(), block("nginx workbench.conf")
    instead = {"443 ssl": f"127.0.0.1:{port} ssl", "/etc/ssl": str(folder), "http://127.0.0.1:8765": server.url}
    for before, after in instead.items():
        assert before in said
        said = said.replace(before, after)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    written = folder / "nginx.conf"
    whole = f"daemon off; master_process off; pid {folder}/pid;\nevents {{}}\nhttp {{\n{temporary}{said}}}\n"
    written.write_text(whole, "utf-8")
    nginx = subprocess.Popen([str(program), "-c", str(written), "-e", str(folder / "error.log")])
    try:
        for _ in range(100):
            with socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"https://127.0.0.1:{port}"
    finally:
        nginx.terminate()
        nginx.wait(10)


def test_people_sign_in_through_the_proxy_of_the_page(team: Served, tmp_path: Path) -> None:
    """Over TLS, under the name, from an address that the audit log has; nobody comes in by the name alone."""
    with proxied(team, tmp_path) as address:
        far = httpx.HTTPTransport(local_address=CLIENT, verify=False)  # a certificate of the test's own
        with httpx.Client(transport=far, base_url=address, headers={"host": NAME}, timeout=60) as client:
            first = client.get("/")
            assert (first.status_code, first.headers["location"]) == (303, "/sign-in")
            assert "max-age" in first.headers["strict-transport-security"]
            page = client.get("/sign-in")
            (cookie,) = re.findall(r"__Host-harmattan=([^;]+);", first.headers["set-cookie"])
            assert "Secure" in first.headers["set-cookie"]
            kept = {"cookie": f"__Host-harmattan={cookie}", "origin": f"https://{NAME}", "x-forwarded-for": "192.0.2.1"}
            page = client.get("/sign-in", headers=kept)
            form = {"csrf": sign_of(page.text), "name": "awa", "password": PASSWORD}
            inside = client.post("/sign-in", data=form, headers=kept)
            assert inside.status_code == 303
            (cookie,) = re.findall(r"__Host-harmattan=([^;]+);", inside.headers["set-cookie"])
            kept["cookie"] = f"__Host-harmattan={cookie}"
            assert client.get("/account", headers=kept).status_code == 200
            large = {"file": ("large.txt", b"x" * 2_000_000)}
            assert client.post("/desk/add", files=large, headers=kept).status_code == 403  # no sign, but not too large
            log = client.get("/audit", headers=kept).text
            assert CLIENT in log
            assert "192.0.2.1" not in log


def test_a_copy_made_while_the_server_runs_can_be_brought_back(team: Served, tmp_path: Path) -> None:
    """The home and the desk as a file: the accounts are there again, and every release is whole."""
    home = {"HARMATTAN_HOME": str(team.home)}
    (team.home / "jobs").mkdir(exist_ok=True)
    (team.home / "jobs" / "note.json").write_text("{}", "utf-8")
    ran(block("sh backup"), tmp_path, **home)
    printed = ran(block("sh restore"), tmp_path, **home)
    assert "awa" in printed
    assert not (tmp_path / "new-home" / "jobs").exists()


def test_a_desk_in_postgresql_can_be_copied_and_brought_back(tmp_path: Path) -> None:
    """By the page's commands: made, dumped, restored into another database; the copy has the account."""
    place = postgres.programs()
    needed(place, "PostgreSQL")
    with postgres.running() as address:
        host, _, port = address.partition(":")
        env = {"PATH": str(place), "PGHOST": host, "PGPORT": port, "PGUSER": "desk", "PGPASSWORD": postgres.PASSWORD}
        desk = {name: f"postgresql://desk@{address}/{name}" for name in ("desk", "desk_again")}
        assert "awa" in ran(block("sh postgres"), tmp_path, HARMATTAN_DESK=desk["desk"], **env)
        ran(block("sh postgres-backup"), tmp_path, **env)
        assert "awa" in ran("harmattan accounts list", tmp_path, HARMATTAN_DESK=desk["desk_again"], **env)


def test_the_page_has_every_kind_of_line_in_the_audit_log() -> None:
    from harmattan.desk.audit import WHAT

    page = text_of(DOCS / "team.md")
    assert [what for what in WHAT if f"`{what}`" not in page] == []
