"""What all posts have in common: SQL from the words of an export to the columns of the contract POSTS."""

from __future__ import annotations

from collections.abc import Mapping

from harmattan.errors import UsageError
from harmattan.sources.engine import Engine, literal, quoted
from harmattan.sources.posts_masks import SIGNED
from harmattan.text import T, Verbatim
from harmattan.vocabulary.posts import POSTS

ZONES = {
    "Z": "+00", "UTC": "+00", "GMT": "+00", "WET": "+00", "WEST": "+01", "CET": "+01", "CEST": "+02", "EET": "+02",
    "EEST": "+03", "MSK": "+03", "WAT": "+01", "CAT": "+02", "SAST": "+02", "EAT": "+03", "EST": "-05", "EDT": "-04",
    "CST": "-06", "CDT": "-05", "MST": "-07", "MDT": "-06", "PST": "-08", "PDT": "-07",
}  # fmt: skip
"""Abbreviations of time zones as CrowdTangle and its like write them. Those with several meanings are left out, but for
the North American ones."""

LOCAL = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
SECONDS_BELOW, MILLISECONDS_BELOW, MICROSECONDS_BELOW = "1e11", "1e14", "1e17"
"""Below these a time is in seconds, milliseconds, microseconds since 1970: the year 5138 is the border of each."""
EARLIEST, LATEST = "'1990-01-01'", "'2100-01-01'"
"""Between these a time can be that of a post; a 0 or a serial number of a spreadsheet is not."""
ROUNDED = r"\d(?:[.,]\d+)?[eE]\+\d{1,3}|\d{16,}\.0*"
"""1.23E+18. The sign must be there: 12e5 may be the start of a hash."""
UNEVEN = r"[\s\pZ\[\]]|,,|^,|,$"
"""What a list of values with commas has where more is to be done than to split it at them."""
NOTHING = ("", "nan", "NaN", "None", "null", "NULL", "NA", "<NA>", "[]", "{}")

LISTS = ("urls", "hashtags", "mentions", "media", "objects")
NUMBERS = ("followers", "views", "reactions", "comments", "shares")
WORDS = ("account_kind", "language")
IDS = ("reply_to", "repost_of", "quote_of")
WRITTEN = (
    "place", "platform", "post_id", "account", "account_name", "surface", "posted", "text", "repost_of_account", "url",
    *LISTS, *NUMBERS, *WORDS, *IDS,
)  # fmt: skip
"""What a layout may say of a post, in the export's words. `place` is the row's number, where rows are put together."""

NO_ID, ROUNDED_ID = "the post has no id", "an id was rounded by a spreadsheet, so it names no post any more"
NO_JSON = "the line is not JSON"


def define(duck: Engine, timezone: str | None) -> None:
    """Defines the SQL macros that layouts and `posts` use. Raises UsageError for a time zone that there is not."""
    run = duck.connection.execute
    run("SET TimeZone = 'UTC'")
    # Not `x IN (...)`: DuckDB makes a join of that, and rows do not keep their order through a join.
    nothing = " ".join(f"WHEN x = {literal(words)} THEN NULL" for words in NOTHING)
    run(f"CREATE TEMP MACRO given(x) AS CASE WHEN strlen(x) < 5 THEN CASE {nothing} ELSE x END ELSE x END")
    # Each looks for the common case first: a row's checks together must not take longer than to read the row.
    run("CREATE TEMP MACRO trimmed(x) AS CASE WHEN contains(x, ' ') OR strlen(x) <> length(x) THEN trim(x) ELSE x END")
    run(
        r"CREATE TEMP MACRO id_of(x) AS CASE WHEN ends_with(x, '.0') AND regexp_full_match(x, '\d{1,15}\.0') "
        "THEN x[:-3] WHEN contains(x, ' ') THEN given(trim(x)) ELSE given(x) END"
    )
    run(
        "CREATE TEMP MACRO number_of(x) AS coalesce(TRY_CAST(x AS BIGINT), CASE WHEN x IS NOT NULL THEN "
        "TRY_CAST(TRY_CAST(replace(x, ',', '') AS DOUBLE) AS BIGINT) END)"
    )
    run(
        "CREATE TEMP MACRO rounded(x) AS CASE WHEN contains(x, '+') OR contains(x, '.') "
        f"THEN regexp_full_match(x, {literal(ROUNDED)}) ELSE false END"
    )
    _define_lists(duck)
    _define_times(duck, _known_zone(duck, timezone))


def _define_lists(duck: Engine) -> None:
    """`listed(x)` reads [a, b], ['a', 'b'], JSON's ["a"] and a, b; `links(x)` the same where commas may be within."""
    run = duck.connection.execute
    in_quotes = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
    run(
        "CREATE TEMP MACRO split_at(x, comma) AS list_filter(list_transform(regexp_split_to_array("
        "regexp_replace(trim(x), '^\\[|\\]$', '', 'g'), comma), lambda one: trim(one)), lambda one: one <> '')"
    )
    run(
        f"CREATE TEMP MACRO unquoted(x) AS list_filter(list_transform(regexp_extract_all(x, {literal(in_quotes)}), "
        "lambda one: replace(one[2:-2], '\\/', '/')), lambda one: one <> '')"
    )
    plain = f"NOT regexp_matches(x, {literal(UNEVEN)})"
    for name, comma, apart in (("listed", r",\s*", "string_split(x, ',')"), ("links", r",\s+|,(?:\s*$)", "[x]")):
        run(
            f"CREATE TEMP MACRO {name}(x) AS CASE WHEN x IS NULL OR given(x) IS NULL THEN []::VARCHAR[] "
            f"WHEN contains(x, '[') AND regexp_matches(x, '^\\s*\\[\\s*[\"'']') THEN unquoted(x) "
            f"WHEN contains(x, ',') AND {plain} THEN {apart} "
            f"WHEN contains(x, ',') OR contains(x, '[') THEN split_at(x, {literal(comma)}) "
            "ELSE [trimmed(x)] END"
        )


def _define_times(duck: Engine, zone: str) -> None:
    """`moment(x, number, zoneless)` is a time in UTC, or null.

    `number` is the time as a number where it is one, `zoneless(x, number)` says that it does not say its zone.
    """
    run = duck.connection.execute
    local = "TRY_CAST(x AS TIMESTAMP)"
    if zone != "UTC":
        local = f"make_timestamp(epoch_us(timezone({literal(zone)}, {local})))"
    offsets = "MAP {" + ", ".join(f"{literal(name)}: {literal(offset)}" for name, offset in ZONES.items()) + "}"
    run(f"CREATE TEMP MACRO offset_of(x) AS coalesce({offsets}[upper(x)], x)")
    run(
        "CREATE TEMP MACRO zoneless(x, number) AS CASE WHEN x IS NULL OR number IS NOT NULL THEN false "
        f"ELSE regexp_full_match(x, {literal(LOCAL)}) END"
    )
    run(
        "CREATE TEMP MACRO since_1970(x) AS make_timestamp(TRY_CAST(round(CASE "
        f"WHEN abs(x) < {SECONDS_BELOW} THEN x * 1e6 WHEN abs(x) < {MILLISECONDS_BELOW} THEN x * 1e3 "
        f"WHEN abs(x) < {MICROSECONDS_BELOW} THEN x END) AS BIGINT))"
    )
    with_zone = f"({LOCAL})\\s*(Z|z|[A-Z]{{3,4}}|[+-]\\d\\d(?::?\\d\\d)?)"
    run(
        "CREATE TEMP MACRO moment(x, number, zoneless) AS CASE WHEN x IS NULL THEN NULL "
        "WHEN number IS NOT NULL THEN CASE WHEN NOT contains(x, '+') THEN since_1970(number) END "
        f"WHEN zoneless THEN {local} "
        f"WHEN regexp_full_match(x, {literal(with_zone)}) THEN make_timestamp(epoch_us(TRY_CAST("
        f"regexp_extract(x, {literal(with_zone)}, 1) || "
        f"offset_of(regexp_extract(x, {literal(with_zone)}, 2)) AS TIMESTAMPTZ))) "
        "ELSE make_timestamp(epoch_us(try_strptime(x, '%a %b %d %H:%M:%S %z %Y'))) END"
    )


def _known_zone(duck: Engine, timezone: str | None) -> str:
    zone = timezone or "UTC"
    known = f"SELECT count(*) FROM pg_timezone_names() WHERE name = {literal(zone)}"
    if zone != "UTC" and not duck.row(known)[0]:
        raise UsageError(
            T("There is no time zone {zone}.", zone=Verbatim(zone)),
            do=T("Name it as the IANA does, such as Africa/Dakar."),
        )
    return zone


def empty(said: Mapping[str, str], identities: bool) -> frozenset[str]:
    """The contract's columns that have nothing in any row of an export, since its layout does not say them."""
    made_of = {"row_id": "post_id", "posted_at": "posted"}
    hidden = set() if identities else {"account_name", "url"}
    return frozenset(name for name in POSTS.names if made_of.get(name, name) not in said or name in hidden)


def posts(written: str, identities: bool, without: frozenset[str] = frozenset()) -> str:
    """SQL from what a layout says (`WRITTEN`) to the contract's columns, the reason why not, and what is doubtful.

    `without` are columns that it leaves out: to hand on thousands of nulls takes DuckDB as long as to hand on numbers.
    """
    shown = "{0}" if identities else "NULL::VARCHAR"
    made: dict[str, str] = {
        "row_id": "platform || ':' || post_id",
        "platform": "platform",
        "post_id": "post_id",
        "account": "account",
        "account_name": shown.format("account_name"),
        "surface": "surface",
        "posted_at": f"CASE WHEN read_at >= TIMESTAMP {EARLIEST} AND read_at < TIMESTAMP {LATEST} THEN read_at END",
        "text": "CASE WHEN contains(text, chr(0)) THEN replace(text, chr(0), '') ELSE text END",
        "mentions": "list_transform(mentions, lambda one: handle(one))",
        "repost_of_account": "repost_of_account",
        "url": shown.format("url"),
    }
    made["hashtags"] = "list_transform(hashtags, lambda one: ltrim(one, '#'))"
    made |= {name: f"CASE WHEN n_{name} >= 0 THEN n_{name} END" for name in NUMBERS}
    made |= {name: name for name in (*WORDS, *IDS)}
    for name in LISTS:
        made[name] = f"CASE WHEN {name} IS NULL OR len({name}) = 0 THEN []::VARCHAR[] ELSE {made.get(name, name)} END"
    columns = ", ".join(f"{made[name]} AS {quoted(name)}" for name in POSTS.names if name not in without)
    rounded = " OR ".join(f"rounded({name})" for name in ("post_id", "account", *IDS))
    unread = " + ".join(
        f"CASE WHEN n_{name} IS NULL AND {name} IS NOT NULL THEN (given({name}) IS NOT NULL)::INT ELSE 0 END"
        for name in NUMBERS
    )
    numbers = ", ".join(f"number_of({name}) AS n_{name}" for name in NUMBERS)
    # To look for a sign is cheap, to look for an address only where there is a slash.
    signed = (
        "coalesce(contains(text, '@') OR contains(text, '＠') OR "
        f"CASE WHEN contains(text, '/') THEN regexp_matches(text, {literal(SIGNED)}) ELSE false END, false)"
    )
    return (
        f"SELECT place, skipped, CASE WHEN broken THEN {literal(NO_JSON)} WHEN post_id IS NULL THEN {literal(NO_ID)} "
        f"WHEN {rounded} THEN {literal(ROUNDED_ID)} END AS reason, zoneless, {signed} AS signed, "
        f"hash({made['row_id']}) AS hashed, "
        f"{unread} AS unread_numbers, {columns} FROM (SELECT *, moment(posted, number, zoneless) AS read_at, {numbers} "
        "FROM (SELECT *, zoneless(posted, number) AS zoneless "
        f"FROM (SELECT *, TRY_CAST(posted AS DOUBLE) AS number FROM ({written}))))"
    )


def written(said: Mapping[str, str], relation: str, lines_of_json: bool = False) -> str:
    """SQL that gives `WRITTEN` from a layout's expressions; what it does not say is null.

    Lines of JSON say of themselves whether they are broken, or to be skipped.
    """
    empty = {name: "NULL::VARCHAR[]" if name in LISTS else "NULL::VARCHAR" for name in WRITTEN} | {
        "place": "NULL::BIGINT"
    }
    parts = ", ".join(f"{expression} AS {name}" for name, expression in (empty | dict(said)).items())
    flags = "broken, skipped" if lines_of_json else "false AS broken, false AS skipped"
    return f"SELECT {parts}, {flags} FROM {relation}"


def put_together(said: Mapping[str, str], relation: str) -> str:
    """`written` for an export with a row for each object that a post shares: one for each post, at its first place.

    Most posts have one row: only those that may have several, told by a hash, are grouped, which is slow.
    """
    numbered = f"(SELECT row_number() OVER () AS row_no, * FROM {relation})"
    rows = written(dict(said) | {"place": "row_no"}, numbered)
    by = "platform, post_id, account, posted"
    used = [name for name in LISTS if name in said]
    lists = ", ".join(
        f"list_sort(list_distinct(flatten(list({name}) FILTER (WHERE {name} IS NOT NULL)))) AS {name}" for name in used
    )
    nothing = ", ".join(
        f"NULL::VARCHAR{'[]' if name in LISTS else ''} AS {name}"
        for name in WRITTEN
        if name not in ("place", *by.split(", "), *used)
    )
    return (
        f"WITH numbered AS MATERIALIZED (SELECT place, {by}, {', '.join(used)}, hash({by}) AS told FROM ({rows})), "
        "several AS (SELECT told FROM numbered GROUP BY 1 HAVING count(*) > 1), "
        f"posts AS (SELECT place, {by}, {', '.join(used)} FROM numbered ANTI JOIN several USING (told) UNION ALL "
        f"SELECT min(place), {by}, {lists} FROM numbered SEMI JOIN several USING (told) "
        f"GROUP BY {by}, CASE WHEN post_id IS NULL THEN place END) "
        f"SELECT *, {nothing}, false AS broken, false AS skipped FROM posts ORDER BY place"
    )
