"""`narratives`: what groups that act together push: terms, objects, stances of words, platforms, hours, reach."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from harmattan.data import LEXICONS
from harmattan.errors import UsageError
from harmattan.influence import lexicon as lexicons
from harmattan.influence import narratives as stances_of
from harmattan.influence.lexicon import Lexicon
from harmattan.influence.reach import METRICS
from harmattan.questions import narrative_rows as rows
from harmattan.questions import posted
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.campaign import chosen
from harmattan.questions.campaign_rows import CAMPAIGN
from harmattan.questions.campaigns import ALWAYS, ASKED, TOGETHER, Drawn, check_size, smaller
from harmattan.questions.narrative_rows import Pushed
from harmattan.questions.parameters import Params
from harmattan.questions.posted import Campaigns, Posted
from harmattan.questions.question import Question
from harmattan.questions.world import World
from harmattan.text import Bilingual, Number, T, Text, Value, Verbatim, counted, joined, listing

ACCEPTS = ("campaign", "by", "lexicon", *ASKED, *ALWAYS)
OBJECTS = ("url", "domain", "hashtag")
MOST_TOLD = 3
"""So many campaigns, and of each so many stances and terms, are named in the first sentences."""
LEAST_HITS = 3
"""Fewer posts than this with a stance are counted and not named in words."""
WHOLE = (
    CAMPAIGN,
    AnswerColumn("accounts", T("accounts in the group"), "accounts"),
    AnswerColumn("posts", T("all posts of its accounts"), "posts"),
    AnswerColumn("with_text", T("those of them that have a text: words can be looked for in no others"), "posts"),
    AnswerColumn("terms", T("its most distinctive words and pairs of words")),
    AnswerColumn("stances", T("stances of words that are more frequent in its posts than in the others', with shares")),
    AnswerColumn("posts_share", T("of all posts of these days, those of the group"), "%"),
    AnswerColumn("reach", T("the count that most of its posts have: views, reactions, comments or shares")),
    AnswerColumn("reach_share", T("of the sum of that count over all posts that have it, the group's part"), "%"),
    AnswerColumn("reach_known", T("posts of the group that have the count"), "posts"),
    AnswerColumn("reach_known_all", T("posts of all that have the count"), "posts"),
    AnswerColumn("platforms", T("where its posts stand, most of them first")),
    RECORDS,
)
BY = rows.BY
CHARTS = {
    "stance": Chart("none", x="share", y="stance", low="share_low", high="share_high", series="campaign"),
    "hour": Chart("bars", x="hour", y="posts"),
}


def narratives(world: World, params: Params) -> Answer:
    """One row for each group, or its terms, objects, stances, platforms or hours. Raises UsageError for a group that
    is not listed, and for a lexicon that there is not.
    """
    check_size(params)
    if len(params.by) > 1:
        raise UsageError(T("The question {name} is told apart by one thing at a time.", name=Verbatim("narratives")))
    by = params.by[0] if params.by else ""
    lexicon, pinned = lexicon_of(params)
    params = replace(params, lexicon=pinned)
    ground = posted.posted(world, params)
    drawn, columns = Drawn("narratives", ground, ACCEPTS), BY.get(by, WHOLE)
    if not ground.held:
        return drawn.not_covered(columns)
    found = posted.campaigns(world, params)
    if not found.listed and not params.campaign:
        none = T("No group of {least} accounts or more acts together beyond what chance explains.",
                 least=params.at_least or posted.LEAST_ACCOUNTS)  # fmt: skip
        return drawn.finish((), columns, joined([none, *smaller(found)]), posted.left_out(ground))
    groups = chosen(found, params.campaign) if params.campaign else list(found.listed.values())
    pushed = [Pushed(found, group, lexicon, _slim(world, ground)) for group in groups]
    lines = [line for one in pushed for line in _lines(world, one, by)]
    said = joined([*SAYS[by](drawn, lines), *_more(pushed, by)])
    return drawn.finish(lines, columns, said, _cautions(found, lexicon, by), CHARTS.get(by))


def lexicon_of(params: Params) -> tuple[Lexicon, str]:
    """The lexicon asked for, and its name with the digest of its content, so that the answer's id hangs on that too.

    It is one that comes with the package, or a file; the only one that comes where none is said. Raises UsageError for
    one that has other content than the digest says.
    """
    name, wanted = _named(params.lexicon)
    path = Path(name)
    own = path.suffix in (".yaml", ".yml")
    lexicon = lexicons.read(path) if own else lexicons.embedded(name)
    digest = lexicons.digest(path if own else LEXICONS / f"{name}.yaml")[:DIGITS]
    if wanted not in ("", digest):
        raise UsageError(
            T("The lexicon {name} has other content than that of {digest}.", name=Verbatim(name),
              digest=Verbatim(wanted)),
            available=T("Its content now is that of {digest}.", digest=Verbatim(digest)),
            do=T("Put the lexicon back as it was, or ask the question again."),
        )  # fmt: skip
    return lexicon, f"{name}@{digest}"


DIGITS = 12
_PINNED = re.compile(rf"(.+)@([0-9a-f]{{{DIGITS}}})")


def _named(asked: str | None) -> tuple[str, str]:
    """The lexicon's name or file, and the digest it must have, which may be empty."""
    if asked is not None:
        found = _PINNED.fullmatch(asked)
        return (found[1], found[2]) if found else (asked, "")
    there = sorted(path.stem for path in LEXICONS.glob("*.yaml"))
    if len(there) != 1:
        raise UsageError(
            T("No lexicon of stances is named."),
            available=T("There are: {all}.", all=listing([Verbatim(one) for one in there])),
            do=T("Say --lexicon, or lexicon in the case file."),
        )
    return there[0], ""


def _slim(world: World, ground: Posted) -> Any:
    """The posts with the columns that are needed, put together once in a world: each group is compared with all."""
    name, slim = f"slim_{len(world.groups)}", ground.posts.select(*rows.SLIM)
    return posted.once(world, f"slim {ground.key}", lambda: world.posts_engine.create_table(name, slim, temp=True))


def _lines(world: World, pushed: Pushed, by: str) -> Iterator[Line]:
    match by:
        case "term":
            return rows.by_term(pushed)
        case "object":
            return rows.by_object(pushed, _objects(world, pushed.found.posted.params))
        case "stance":
            return rows.by_stance(pushed)
        case "platform":
            return rows.by_platform(pushed)
        case "hour":
            return rows.by_hour(pushed)
    return iter((_whole(pushed),))


def _objects(world: World, params: Params) -> Any:
    """The shares of addresses, domains and hashtags, which groups are not looked for by."""
    wanted = tuple(name for name in params.object if name in OBJECTS) or OBJECTS
    return posted.posted(world, replace(params, object=wanted)).shares.table


def _whole(pushed: Pushed) -> Line:
    """One group in one row."""
    stances, terms = list(rows.by_stance(pushed)), list(rows.by_term(pushed))
    reach = {row["measure"]: row for row in pushed.reach().to_pylist()}
    best = max(METRICS, key=lambda name: reach[name]["group_known"])
    known, written = reach[best], pushed.written()
    there, words = bool(known["group_known"]), [Verbatim(line.values["term"]) for line in _best(terms)]
    frequent = [line.values for line in stances if more_frequent(line.values)]
    return pushed.row(written["row_id"].to_pylist(), {
        "accounts": len(pushed.group.accounts),
        "posts": written.num_rows,
        "with_text": stances[0].values["with_text"] if stances else None,
        "terms": T("{terms}", terms=listing(words)) if words else None,
        "stances": _shares(frequent) if frequent else None,
        "posts_share": rows.percent(reach["posts"]["share"]),
        "reach": best if there else None,
        "reach_share": rows.percent(known["share"]) if there else None,
        "reach_known": known["group_known"],
        "reach_known_all": known["all_known"],
        "platforms": ", ".join(_ranked(written["platform"].to_pylist())),
    })  # fmt: skip


def _shares(values: Sequence[Mapping[str, Any]]) -> Text:
    said = [T("{stance} {share} %", stance=of["stance"], share=Number(of["share"], None, 1)) for of in values]
    return T("{stances}", stances=listing(said))


def more_frequent(of: Mapping[str, Any]) -> bool:
    """Whether words of a stance are in more of the group's posts than of the others', beyond the interval.

    Where the others have none at all, the two intervals have to lie apart.
    """
    if of["posts"] < LEAST_HITS:
        return False
    if of["ratio_low"] is not None:
        return bool(of["ratio_low"] > 1)
    return of["others_share_high"] is not None and bool(of["share_low"] > of["others_share_high"])


def _best(lines: Sequence[Line], most: int = 6) -> list[Line]:
    """The most distinctive terms; a word that stands in a pair that comes before it says nothing more."""
    ranked = sorted(lines, key=lambda line: (-line.values["z"], str(line.values["term"])))
    kept: list[Line] = []
    for line in ranked:
        words = set(str(line.values["term"]).split())
        if len(kept) < most and not any(words <= set(str(one.values["term"]).split()) for one in kept):
            kept.append(line)
    return kept


def _ranked(values: Iterable[str]) -> list[str]:
    all_ = list(values)
    return sorted(set(all_), key=lambda name: (-all_.count(name), name))


def _more(pushed: Sequence[Pushed], by: str) -> list[Text]:
    rest = len(pushed) - MOST_TOLD
    if rest <= 0:
        return []
    return [T("In the table besides: {groups}.", groups=counted(rest, "{n} group", "{n} groups"))]


def _firsts(lines: Sequence[Line]) -> dict[str, list[tuple[int, Mapping[str, Any]]]]:
    """The rows of the first campaigns, with their places."""
    found: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for n, line in enumerate(lines):
        found.setdefault(line.values["campaign"], []).append((n, line.values))
    return dict(list(found.items())[:MOST_TOLD])


def _say_whole(drawn: Drawn, lines: Sequence[Line]) -> Iterator[Text]:
    for name, ((n, of),) in _firsts(lines).items():
        said: dict[str, Value] = {
            "id": Verbatim(name),
            "posts": counted(drawn.number(of["posts"], n), "{n} post", "{n} posts"),
        }
        words = T("its words stand out by {terms}", terms=of["terms"]) if of["terms"] else T("no word stands out")
        more = T("more frequent than among the others: {stances}", stances=of["stances"]) if of["stances"] else (
            T("no stance of the lexicon is more frequent than among the others"))  # fmt: skip
        told = T("{first}; {second}", first=words, second=T("{stances}.", stances=more))
        yield T("{kind}: {count}", kind=T("{id} ({posts})", **said), count=told)


def _say_stances(drawn: Drawn, lines: Sequence[Line]) -> Iterator[Text]:
    for name, of_it in _firsts(lines).items():
        frequent = sorted((row for row in of_it if more_frequent(row[1])), key=lambda row: -row[1]["share"])
        n, first = of_it[0]
        texts = counted(drawn.number(first["with_text"], n), "{n} post with a text", "{n} posts with a text")
        if not frequent:
            yield T("{id} ({texts}): no stance of the lexicon is more frequent in its words than among the others.",
                    id=Verbatim(name), texts=texts)  # fmt: skip
            continue
        told = [_stance(drawn, n, of) for n, of in frequent[:MOST_TOLD]]
        of = T("{id} ({texts})", id=Verbatim(name), texts=texts)
        yield T("{kind}: {count}", kind=of, count=T("{stances}.", stances=listing(told)))


def _stance(drawn: Drawn, n: int, of: Mapping[str, Any]) -> Text:
    said: dict[str, Value] = {
        "stance": of["stance"],
        "share": drawn.number(of["share"], n, 1),
        "others": drawn.number(of["others_share"], n, 1),
        "posts": drawn.number(of["posts"], n),
    }
    return T("words {stance} in {share} % ({posts}; among the others {others} %)", **said)


def _say_terms(drawn: Drawn, lines: Sequence[Line]) -> Iterator[Text]:
    places = {id(line): n for n, line in enumerate(lines)}
    for name in _firsts(lines):
        own = [line for line in lines if line.values["campaign"] == name]
        told = [T("{term} ({posts})", term=Verbatim(str(line.values["term" if "term" in line.values else "object"])),
                  posts=counted(drawn.number(line.values["posts"], places[id(line)]), "{n} post", "{n} posts"))
                for line in sorted(own, key=lambda line: -line.values["z"])[:MOST_TOLD]]  # fmt: skip
        yield T("{id}: above all {terms}.", id=Verbatim(name), terms=listing(told))
    if not lines:
        yield T("Nothing stands out that two accounts of a group have in common.")


def _say_platforms(drawn: Drawn, lines: Sequence[Line]) -> Iterator[Text]:
    for name, of_it in _firsts(lines).items():
        on = [T("{platform} {posts}", platform=Verbatim(of["platform"]), posts=drawn.number(of["posts"], n))
              for n, of in of_it if of["ahead_of"] is None]  # fmt: skip
        yield T("{id}: {platforms} (posts).", id=Verbatim(name), platforms=listing(on))
        for n, of in of_it:
            if of["ahead_of"] is not None and of["p"] is not None and of["p"] < 0.05:
                yield T("{platform} has what it shares before {other} in {earlier} of {objects}, by {lag} seconds "
                        "(median).", platform=Verbatim(of["platform"]), other=Verbatim(of["ahead_of"]),
                        earlier=drawn.number(of["earlier"], n), lag=drawn.number(of["lag"], n),
                        objects=counted(drawn.number(of["objects"], n), "{n} thing", "{n} things"))  # fmt: skip


def _say_hours(drawn: Drawn, lines: Sequence[Line]) -> Iterator[Text]:
    for name, of_it in _firsts(lines).items():
        n, most = max(of_it, key=lambda row: row[1]["posts"])
        yield T("{id}: most posts between {hour} and {next} h UTC, {share} % of all; among the others {others} % then.",
                id=Verbatim(name), hour=Verbatim(str(most["hour"])), next=Verbatim(str(most["hour"] + 1)),
                share=drawn.number(most["share"], n, 1), others=drawn.number(most["others_share"], n, 1))  # fmt: skip


SAYS: Mapping[str, Callable[[Drawn, Sequence[Line]], Iterable[Text]]] = {
    "": _say_whole,
    "term": _say_terms,
    "object": _say_terms,
    "stance": _say_stances,
    "platform": _say_platforms,
    "hour": _say_hours,
}


def _cautions(found: Campaigns, lexicon: Lexicon, by: str) -> list[Text]:
    said: list[Text] = [TOGETHER]
    if by in ("", "stance"):
        said += [*stances_of.CAVEATS, _words_of(lexicon)]
        if lexicon.header.note:
            said.append(T("{note}", note=Bilingual(lexicon.header.note.en, lexicon.header.note.fr)))
    if by in ("", "term", "object"):
        said.append(NO_TEST)
    if by == "platform":
        said.append(COLLECTED)
    return [*said, *posted.left_out(found.posted)]


def _words_of(lexicon: Lexicon) -> Text:
    """What the lexicon has, and that it has no more."""
    languages = sorted({entry.language for entry in lexicon.entries})
    return T(
        "Lexicon {name}: {phrases} in {languages}. What is written in other languages is not seen.",
        name=Verbatim(lexicon.header.name),
        phrases=counted(len(lexicon.entries), "{n} phrase", "{n} phrases"),
        languages=listing([LANGUAGES[name] for name in languages]),
    )


LANGUAGES = {"en": T("English"), "fr": T("French")}
NO_TEST = T(
    "Distinctive is what the group's posts have more often than the others' of the same days. It is an order and no "
    "test; a group that writes in another language than the others has that language's words as its terms."
)
COLLECTED = T(
    "Which platform is earlier hangs on what was collected: an export that begins later, or holds less, makes its "
    "platform seem the later one."
)

QUESTION = Question(
    "narratives",
    T(
        "What each group that acts together (see campaigns) pushes, beside all other posts of the days on which it "
        "posts. Terms and objects by the log-odds ratio with an informative prior (Monroe, Colaresi & Quinn 2008, "
        "doi:10.1093/pan/mpn018), a text once per account; stances as the share of posts with a text that have phrases "
        "of a cited lexicon, with Wilson intervals on as many posts as those of so many accounts are worth, and their "
        "ratio (Newcombe 2016, doi:10.1177/0962280213502144); reach as the group's part of the views, reactions, "
        "comments or shares, whichever most of its posts have; platforms with the sign test of which has things "
        "earlier; hours of the day. Stances are of words and not of people, and every row leads to its posts."
    ),
    "Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018",
    ACCEPTS,
    tuple({column.name: column for columns in (*BY.values(), WHOLE) for column in columns}.values()),
    narratives,
    "tables",
    {"by": tuple(BY)},
    slow=True,
)
