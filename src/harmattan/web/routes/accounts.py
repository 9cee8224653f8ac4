"""Signing in and out, one's own account, everybody's accounts, and the audit log."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from harmattan.desk import audit
from harmattan.desk.accounts import ROLE_NAMES, ROLES, TOKEN, Accounts, key_of
from harmattan.errors import HarmattanError, UsageError
from harmattan.text import T
from harmattan.web.addresses import number_in, within
from harmattan.web.faults import Forbidden, TooMuch, status_of, with_retry
from harmattan.web.guard import cookie_line
from harmattan.web.house import House
from harmattan.web.pages import page
from harmattan.web.visitor import Anyone, EditorInPerson, HouseOf, ReaderInPerson, Visitor, address_of, new_cookie

ROUTER = APIRouter(include_in_schema=False)
LINES = 100
"""So many lines of the audit log are on a page."""
DAYS = (7, 30, 90, 365)
"""How long a token may hold."""


class SignIn(BaseModel):
    """The form to sign in."""

    name: str = ""
    password: str = ""
    next: str = "/"


class PasswordChange(BaseModel):
    """The form that changes one's password."""

    now: str = ""
    password: str = ""
    again: str = ""


class NewToken(BaseModel):
    """The form that makes a token."""

    label: str = ""
    role: str = ""
    days: str = "90"


class AboutAccount(BaseModel):
    """What is said of an account."""

    name: str = ""
    role: str = ""
    password: str = ""


@ROUTER.get("/sign-in")
def sign_in(request: Request, visitor: Anyone, house: HouseOf) -> Response:
    """The form to sign in."""
    back = within(request.query_params.get("next", "/"))
    if visitor.role:
        return RedirectResponse(back, 303)
    return _sign_in_page(request, visitor, house, back)


@ROUTER.post("/sign-in")
def signed_in(request: Request, visitor: Anyone, house: HouseOf, form: Annotated[SignIn, Form()]) -> Response:
    """Signs somebody in, under a cookie that nobody has seen before."""
    back, accounts = within(form.next), house.accounts
    if accounts is None:
        return _sign_in_page(request, visitor, house, back)
    address, cookie = address_of(request), new_cookie()
    try:
        house.tries.begin(key_of(form.name), address)
    except TooMuch as fault:
        return _sign_in_page(request, visitor, house, back, fault)
    account = accounts.sign_in(form.name, form.password, cookie, at=house.now(), where=address)
    if account is None:
        wrong = UsageError(T("Name or password is wrong."), do=T("Ask an editor if you have forgotten them."))
        return _sign_in_page(request, visitor, house, back, wrong)
    house.tries.good(key_of(form.name), address)
    _end(visitor, house, request)
    return _with_cookie(RedirectResponse(back, 303), cookie, house)


@ROUTER.post("/sign-out")
def sign_out(request: Request, visitor: Anyone, house: HouseOf) -> Response:
    """Ends a session; what the browser has kept of it goes."""
    _end(visitor, house, request)
    made = _with_cookie(RedirectResponse("/sign-in", 303), new_cookie(), house)
    made.headers["clear-site-data"] = '"cache"'
    return made


@ROUTER.get("/account")
def account(request: Request, visitor: ReaderInPerson, house: HouseOf) -> Response:
    """One's own account: its tokens and its password."""
    return _account_page(request, visitor, house)


@ROUTER.post("/account/password")
def change_password(
    request: Request, visitor: ReaderInPerson, house: HouseOf, form: Annotated[PasswordChange, Form()]
) -> Response:
    """Changes one's password; one stays signed in here and nowhere else."""
    accounts, name, address, cookie = _there(house), visitor.name, address_of(request), new_cookie()
    try:
        house.tries.begin(key_of(name), address)
        if not accounts.fits(name, form.now):
            raise UsageError(T("This is not your password of today."))
        house.tries.good(key_of(name), address)
        if form.password != form.again:
            raise UsageError(T("The two new passwords are not the same."))
        accounts.set_password(name, form.password, at=house.now(), by=name)
    except HarmattanError as fault:
        return _account_page(request, visitor, house, fault=fault)
    accounts.sign_in(name, form.password, cookie, at=house.now(), where=address)
    return _with_cookie(RedirectResponse("/account", 303), cookie, house)


@ROUTER.post("/account/tokens")
def make_token(
    request: Request, visitor: ReaderInPerson, house: HouseOf, form: Annotated[NewToken, Form()]
) -> Response:
    """Makes a token and shows it once."""
    secret, at, by = TOKEN + secrets.token_urlsafe(32), house.now(), visitor.name
    try:
        _there(house).issue(by, form.label, form.role, secret, days=number_in(form.days, 0), at=at, by=by)
    except UsageError as fault:
        return _account_page(request, visitor, house, fault=fault)
    return _account_page(request, visitor, house, secret=secret)


@ROUTER.post("/account/tokens/{id}/revoke")
def revoke_token(visitor: ReaderInPerson, house: HouseOf, id: str) -> Response:
    """Takes a token of one's own back."""
    _there(house).revoke(visitor.name, id, at=house.now(), by=visitor.name)
    return RedirectResponse("/account", 303)


@ROUTER.get("/accounts")
def accounts(request: Request, visitor: EditorInPerson, house: HouseOf) -> Response:
    """Everybody's accounts."""
    return _accounts_page(request, visitor, house)


@ROUTER.post("/accounts")
def add_account(
    request: Request, visitor: EditorInPerson, house: HouseOf, form: Annotated[AboutAccount, Form()]
) -> Response:
    """Adds an account."""
    try:
        Accounts(house.desk).add(form.name, form.role, form.password, at=house.now(), by=visitor.name)
    except HarmattanError as fault:
        return _accounts_page(request, visitor, house, fault, form)
    house.look_again()
    return RedirectResponse("/accounts", 303)


@ROUTER.post("/accounts/{name}/{action}")
def change_account(
    request: Request, visitor: EditorInPerson, house: HouseOf, form: Annotated[AboutAccount, Form()]
) -> Response:
    """Changes the role or the password of an account, disables or enables it; one's own is left alone."""
    name, action = request.path_params["name"], request.path_params["action"]
    held, at, by = _there(house), house.now(), visitor.name
    try:
        if key_of(name) == key_of(by):
            raise UsageError(T("Nobody changes their own account here."), do=T("Ask another editor."))
        match action:
            case "role":
                held.change_role(name, form.role, at=at, by=by)
            case "password":
                held.set_password(name, form.password, at=at, by=by)
            case "disable":
                held.disable(name, at=at, by=by)
            case "enable":
                held.enable(name, at=at, by=by)
            case _:
                raise UsageError(T("That cannot be done to an account."))
    except HarmattanError as fault:
        return _accounts_page(request, visitor, house, fault)
    house.look_again()
    return RedirectResponse("/accounts", 303)


@ROUTER.get("/audit")
def audit_log(request: Request, visitor: EditorInPerson, house: HouseOf) -> Response:
    """What was done, the newest first."""
    asked = request.query_params
    what = asked.get("what", "") if asked.get("what") in audit.WHAT else ""
    by = asked.get("by", "")[:60]
    found = house.noted(what=what, by=by, most=LINES + 1, before=number_in(asked.get("before"), 0) or None)
    more = found[LINES - 1].number if len(found) > LINES else None
    return page(
        request,
        visitor,
        "audit.html.j2",
        lines=found[:LINES],
        more=more,
        kinds=audit.WHAT,
        names=audit.DETAIL,
        what=what,
        by=by,
    )


def _end(visitor: Visitor, house: House, request: Request) -> None:
    if visitor.signed_in and (held := house.accounts) is not None:
        held.sign_out(str(request.state.cookie), at=house.now())


def _with_cookie(made: Response, cookie: str, house: House) -> Response:
    made.headers.append("set-cookie", cookie_line(cookie, secure=house.settings.secure))
    return made


def _there(house: House) -> Accounts:
    held = house.accounts
    if held is None:
        raise Forbidden(what=T("There are no accounts here."))
    return held


def _sign_in_page(
    request: Request, visitor: Visitor, house: House, back: str, fault: HarmattanError | None = None
) -> Response:
    status = 200 if fault is None else 401 if isinstance(fault, UsageError) else status_of(fault)
    there = house.accounts is not None
    made = page(request, visitor, "sign-in.html.j2", status=status, back=back, fault=fault, peopled=there)
    return with_retry(made, fault)


def _account_page(
    request: Request, visitor: Visitor, house: House, *, fault: HarmattanError | None = None, secret: str = ""
) -> Response:
    held = house.accounts
    shown: dict[str, Any] = {"secret": secret, "now": house.now(), "days": DAYS, "role_names": ROLE_NAMES}
    shown["tokens"] = held.tokens(visitor.name) if held else ()
    shown["roles"] = ROLES[: ROLES.index(visitor.role) + 1]
    status = 200 if fault is None else status_of(fault)
    return with_retry(page(request, visitor, "account.html.j2", status=status, fault=fault, **shown), fault)


def _accounts_page(
    request: Request,
    visitor: Visitor,
    house: House,
    fault: HarmattanError | None = None,
    given: AboutAccount | None = None,
) -> Response:
    shown: dict[str, Any] = {"given": given or AboutAccount(), "roles": ROLES, "role_names": ROLE_NAMES}
    shown["accounts"] = house.accounts.all() if house.accounts else ()
    status = 200 if fault is None else status_of(fault)
    return page(request, visitor, "accounts.html.j2", status=status, fault=fault, **shown)
