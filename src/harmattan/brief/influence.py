"""The section on accounts that act together: which, how sure, when, with what words. Without posts there is none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.influence_charts import InfluenceCharts
from harmattan.brief.outline import COUNTS_NOT_FROM_DATA, Picture, Section, TableView
from harmattan.questions.answer import Answer
from harmattan.questions.narratives import more_frequent
from harmattan.text import Number, T, Text, Value, Verbatim, counted, joined, listing, msg
from harmattan.vocabulary.period import Month

MOST_ROWS, MOST_DRAWN, MOST_BESIDE = 8, 6, 3
"""Campaigns in the table, in the pictures over time and of links, and in the picture of stances."""
MOST_STUDIED = 2
"""Campaigns that are laid beside milestones."""
MOST_DOTS = 40
"""Accounts of a campaign that are drawn, those with most links."""
MOST_STANCES = 2
OURS = (60.0, 0.05)
"""The window and the level of the rule that nobody changed."""
UNBROKEN = "\N{NON-BREAKING HYPHEN}"
SURE = 0.001
"""Levels below it are all as good as sure."""
PLATFORMS: Mapping[str, Text] = {
    "telegram": T("Telegram"),
    "x": T("X"),
    "facebook": T("Facebook"),
    "instagram": T("Instagram"),
    "other": T("another platform"),
}


@dataclass(frozen=True)
class Told:
    """The campaigns and what was asked about them."""

    whole: Answer
    """`campaigns`: a row for each."""
    push: Answer
    """`narratives`: a row for each."""
    stances: Answer
    """`narratives --by stance`."""

    ids: tuple[str, ...]
    """The campaigns that are told of, the largest first."""


def influence(desk: Desk) -> Section | None:
    """A table of the campaigns, and pictures of their links, their course, their sensitivity and their words."""
    if not desk.inquiry.has("posts", desk.common):
        return None
    title = T("Accounts that act together")
    whole = desk.ask("campaigns")
    if not whole.rows:
        return Section("influence", title, (opening(whole),), notes=(TOGETHER,))
    told = asked_of(desk, whole, tuple(str(row["campaign"]) for row in whole.rows[:MOST_ROWS]))
    tried = desk.ask("campaigns", by=("seconds",))
    first, *more = pictures(desk, told)
    return Section(
        "influence",
        title,
        (opening(whole), opening(told.stances), _steady(tried)),
        picture=first,
        table=_table(told),
        more=tuple(picture for picture in more if picture is not None),
        notes=(COLUMNS, TOGETHER, OF_WORDS),
    )


def asked_of(desk: Desk, whole: Answer, ids: tuple[str, ...]) -> Told:
    """What some of the campaigns push."""
    return Told(
        whole,
        desk.ask("narratives", campaign=ids, lexicon=desk.case.lexicon),
        desk.ask("narratives", campaign=ids, by=("stance",), lexicon=desk.case.lexicon),
        ids,
    )


def pictures(desk: Desk, told: Told) -> list[Picture | None]:
    """Their links, their words, their course, how far they hang on thresholds, what lies beside milestones."""
    tried = desk.ask("campaigns", by=("seconds",))
    return [_linked(desk, told), _stances(desk, told), _course(desk, told), _sensitivity(desk, tried),
            _study(desk, told)]  # fmt: skip


def opening(answer: Answer) -> Text:
    """The first sentences of an answer, in which what was found leads to the posts of the whole answer."""

    def led(name: str, value: Value) -> Value:
        match value:
            case Text():
                return Text(value.template, {key: led(key, inner) for key, inner in value.values.items()}, value.one)
            case bool() | None:
                return value
            case Number() if not value.evidence:
                return Number(value.value, answer.id, value.digits)
            case int() | float() if name not in COUNTS_NOT_FROM_DATA:
                return Number(value, answer.id)
        return value

    said = led("", answer.headline)
    return said if isinstance(said, Text) else answer.headline


def _steady(tried: Answer) -> Text:
    """Over which windows and levels the groups are the same."""
    kept = [n for n, row in enumerate(tried.rows) if row["kept"] is not None]
    if not kept:
        return T("How far this hangs on the window cannot be said.")
    least = min(kept, key=lambda n: tried.rows[n]["kept"])
    row = tried.rows[least]
    return T(
        "By other windows and levels ({ways}) at least {share} % of these accounts are in a group as well; they are "
        "fewest by a window of {seconds} s and a level of {level} %.",
        ways=counted(Number(len(kept), tried.id), "{n} combination", "{n} combinations"),
        share=tried.number(least, "kept"),
        seconds=Verbatim(f"{row['seconds']:g}"),
        level=Verbatim(f"{100 * row['at_level']:g}"),
    )


def _table(told: Told) -> TableView:
    whole = told.whole
    rows = tuple(
        (
            Verbatim(str(row["campaign"])),
            whole.number(n, "accounts"),
            T("{platforms}", platforms=listing([PLATFORMS[name] for name in _names(row["platforms"])])),
            Verbatim(f"{row['first']} – {row['last']}".replace("-", UNBROKEN)) if row["first"] else Verbatim("–"),
            whole.number(n, "joint_posts"),
            Verbatim("–") if row["speed"] is None else whole.number(n, "speed"),
            _or_less(whole, n),
            _pushes(told, str(row["campaign"])),
        )
        for n, row in enumerate(whole.rows[:MOST_ROWS])
    )
    header = (T("group"), T("accounts"), T("platforms"), T("days"), T("joint posts"), T("seconds"), T("level"),
              T("its words are"))  # fmt: skip
    return TableView(header, rows, (True, True, False, False, True, True, True, False))


def _names(words: str) -> list[str]:
    return [name for name in words.split(", ") if name]


def _or_less(whole: Answer, n: int) -> Value:
    """The level at which a group still hangs together; below a thousandth that is said."""
    if whole.rows[n]["level"] < SURE:
        return T("< {level}", level=Number(SURE, whole.row_id(n), 3))
    return T("{level}", level=whole.number(n, "level", 3))


def _pushes(told: Told, campaign: str) -> Text:
    """The stances of its words that are more frequent than among the others; else its words."""
    rows = [n for n, row in enumerate(told.stances.rows) if row["campaign"] == campaign]
    frequent = sorted(
        (n for n in rows if more_frequent(told.stances.rows[n])), key=lambda n: -told.stances.rows[n]["share"]
    )
    said: list[Value] = [
        T("{stance} ({share} %)", stance=told.stances.rows[n]["stance"], share=told.stances.number(n, "share", 1))
        for n in frequent[:MOST_STANCES]
    ]
    if said:
        return T("{stances}", stances=listing(said))
    terms = next((row["terms"] for row in told.push.rows if row["campaign"] == campaign), None)
    return T("no stance of the lexicon; {terms}", terms=terms) if terms else T("no stance of the lexicon")


def _linked(desk: Desk, told: Told) -> Picture | None:
    names = told.ids[:MOST_DRAWN]
    found = desk.ask("coordination-network", campaign=tuple(names))
    nodes = []
    for name in names:
        own = [row for row in found.rows if row["part"] == "node" and row["campaign"] == name]
        nodes += sorted(own, key=lambda row: (-row["degree"], row["id"]))[:MOST_DOTS]
    shown = {row["id"] for row in nodes}
    edges = [row for row in found.rows if row["part"] == "edge" and {row["id"], row["to_id"]} <= shown]
    if not edges:
        return None
    dots = [
        {"account": row["id"], "campaign": row["campaign"], "membership": row["membership"],
         "platform": (_names(row["platforms"]) or ["other"])[0]}
        for row in nodes
    ]  # fmt: skip
    lines = [{"account": row["id"], "other": row["to_id"]} for row in edges]
    words = {name: desk.speaker.say(text) for name, text in PLATFORMS.items()}
    drawn = InfluenceCharts.like(desk.charts(found)).linked(dots, lines, names, words)
    return Picture(drawn, T(LINKED, shown=MOST_DOTS))


def _course(desk: Desk, told: Told) -> Picture | None:
    names = told.ids[:MOST_DRAWN]
    by_day = desk.ask("campaign", campaign=tuple(names), by=("day",))
    rows = [row for row in by_day.rows if row["joint_posts"]]
    if not rows:
        return None
    days = _span([dt.date.fromisoformat(row["day"]) for row in rows])
    deaths = desk.ask("casualties", country=(desk.case.focus,), by=("month",), start=desk.case.since)
    months = [_month(row) for row in deaths.rows if row["covered"] != "no"]
    months = [row for row in months if row["after"] > days[0] and row["first"] <= days[1]]
    turns, turning = _turning(desk, days)
    charts = InfluenceCharts.like(desk.charts(by_day, *((turns,) if turning else ()), *((deaths,) if months else ())))
    marks = [{"day": row["date"], "mark": letter} for letter, row in turning.items()]
    drawn = charts.course(_binned(rows, days), names, marks, months, days)
    return Picture(drawn, joined([T(COURSE_BESIDE if months else COURSE), *_lettered(turning)]))


def _turning(desk: Desk, days: tuple[str, str]) -> tuple[Answer, dict[str, Mapping[str, Any]]]:
    """The milestones of the days whose day is known, those with most sources, by letter in the order of time."""
    start, end = (dt.date.fromisoformat(day) for day in days)
    turns = desk.ask("milestones", country=(desk.case.focus,), start=start, end=end)
    exact = [row for row in turns.rows if A_DAY.fullmatch(row["date"]) and days[0] <= row["date"] <= days[1]]
    most = sorted(exact, key=lambda row: (-len(row["sources"].split("; ")), row["date"]))[: len(LETTERS)]
    return turns, dict(zip(LETTERS, sorted(most, key=lambda row: row["date"]), strict=False))


def _lettered(turning: Mapping[str, Mapping[str, Any]]) -> list[Text]:
    """What the letters above the lines stand for."""
    said = []
    for letter, row in turning.items():
        what = T("{what} (disputed)", what=row["what"]) if row["status"] == "disputed" else row["what"]
        when = T("{letter}, {day}", letter=Verbatim(letter), day=dt.date.fromisoformat(row["date"]))
        said.append(T("{kind}: {count}", kind=when, count=T("{what}.", what=what)))
    return said


def _span(days: Sequence[dt.date]) -> tuple[str, str]:
    """The first and last day that are shown: some room on either side."""
    room = dt.timedelta(days=max(7, (max(days) - min(days)).days // 8))
    return (min(days) - room).isoformat(), (max(days) + room).isoformat()


def _month(row: Mapping[str, Any]) -> dict[str, Any]:
    month = Month.parse(row["period"])
    said = {name: row[name] for name in ("deaths_best", "deaths_low", "deaths_high")}
    return said | {"first": str(month.first_day), "after": str((month + 1).first_day)}


def _binned(rows: Sequence[Mapping[str, Any]], days: tuple[str, str]) -> list[dict[str, Any]]:
    """Joint posts by campaign and day, or over longer times by week or four weeks, so that bars can be seen."""
    start = dt.date.fromisoformat(days[0])
    length = (dt.date.fromisoformat(days[1]) - start).days
    step = 1 if length <= 150 else 7 if length <= 1200 else 28
    sums: dict[tuple[str, int], int] = {}
    for row in rows:
        at = (dt.date.fromisoformat(row["day"]) - start).days // step
        sums[row["campaign"], at] = sums.get((row["campaign"], at), 0) + row["joint_posts"]
    return [
        {"campaign": name, "posts": posts, "first": (start + dt.timedelta(days=at * step)).isoformat(),
         "after": (start + dt.timedelta(days=(at + 1) * step)).isoformat()}
        for (name, at), posts in sums.items()
    ]  # fmt: skip


def _sensitivity(desk: Desk, tried: Answer) -> Picture | None:
    rows = [{"seconds": row["seconds"], "level": row["at_level"], "accounts": row["in_groups"],
             "groups": row["groups"]} for row in tried.rows]  # fmt: skip
    if not rows:
        return None
    return Picture(InfluenceCharts.like(desk.charts(tried)).sensitivity(rows, OURS), SENSITIVITY)


def _stances(desk: Desk, told: Told) -> Picture | None:
    names, rows = told.ids[:MOST_BESIDE], []
    for row in told.stances.rows:
        for who, start in (("in", ""), ("out", "others_")):
            share, low, high = (row[f"{start}{name}"] for name in ("share", "share_low", "share_high"))
            if row["campaign"] in names and share is not None:
                stance = desk.speaker.say(T("{stance}", stance=row["stance"]))
                rows.append({"campaign": row["campaign"], "stance": stance, "who": who, "share": share,
                             "low": low, "high": high})  # fmt: skip
    if not rows:
        return None
    drawn = InfluenceCharts.like(desk.charts(told.stances)).stances(rows, names)
    return Picture(drawn, T(STANCES, shown=len(names)) if len(told.ids) > 1 else STANCES_OF_ONE)


def _study(desk: Desk, told: Told) -> Picture | None:
    """The posts of the largest groups by day around the milestones of the country whose days the posts cover."""
    panels, shown, said = [], [], []
    for name in told.ids[:MOST_STUDIED]:
        found = desk.ask("posts-and-events", campaign=(name,), country=(desk.case.focus,))
        days = [row for row in found.rows if row["part"] == "around" and row["milestone"] is None]
        days = [row for row in days if row["day"] == row["to_day"] and row["times"] is not None]
        if days:
            rows = [{"offset": row["day"], "found": row["times"], "low": row["band_low"], "high": row["band_high"]}
                    for row in days]  # fmt: skip
            panels.append({"title": name, "rows": rows})
            shown.append(found)
            said.append(T("{kind}: {count}", kind=Verbatim(name), count=opening(found)))
    if not panels:
        return None
    return Picture(InfluenceCharts.like(desk.charts(*shown)).study(panels), joined([STUDY, *said]))


LETTERS = "abcdefgh"
A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LINKED = msg(
    "Accounts that share the same things within seconds of each other more often than chance explains. Each dot is an "
    "account, its colour and field its group, its shape the platform; the larger, the more members it is linked with. "
    "Of each group at most {shown} accounts are drawn, those with most links."
)
COURSE = msg("Posts that the members of each group made together, over time.")
COURSE_BESIDE = msg(
    "Posts that the members of each group made together, over time, above the deaths by month in the country, best "
    "estimate, with the range from low to high. Dashed lines are milestones, with letters. That "
    "posts and events lie beside each other does not say that one brought the other."
)
SENSITIVITY = T(
    "How many accounts are in how many groups of five or more, by the window within which they share the same thing "
    "and by the share of false links that is put up with. The ring is the rule that the other pictures follow."
)
STANCES = msg(
    "Of the posts with a text, the share with phrases of the lexicon, in the group and among all others on the same "
    "days, with 95 % intervals; of the {shown} largest groups. A dot at 0 was looked for and not found."
)
STANCES_OF_ONE = T(
    "Of the posts with a text, the share with phrases of the lexicon, in the group and among all others on the same "
    "days, with 95 % intervals. A dot at 0 was looked for and not found."
)
COLUMNS_OF_ONE = T(
    "In the table: membership is the share of the other members that an account is linked with, from 0 to 1; joint "
    "posts are those that are part of an action of several."
)
COLUMNS = T(
    "In the table: seconds from the first to the last share of an action, median; level, the share of false "
    "discoveries at which the group still hangs together; and what its words say more often than the others'."
)
STUDY = T(
    "Posts of the members of each group by day around milestones, as a multiple of those in the weeks before, and the "
    "band within which 95 % of other days stay on every day of the span."
)
TOGETHER = T(
    "Acting together means more often than activity and popularity explain; it does not say that anybody gave an "
    "order, nor who stands behind an account. Accounts are pseudonyms and groups of fewer than five are not listed."
)
OF_WORDS = T(
    "A stance is that of words and not of people. Negation, irony and quotation are not understood, and languages "
    "that the lexicon does not have are not seen. harmattan evidence opens the posts behind every number."
)
