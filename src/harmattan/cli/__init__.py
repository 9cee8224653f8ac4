"""Arguments in, Answers out."""


def main() -> int:
    raise SystemExit("not yet")
