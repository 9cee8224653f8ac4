"""Whom names mean: the rules on a small invented dossier, laws on random ones, and the data sets of the field."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.dossier.book import Book
from harmattan.dossier.files import read
from harmattan.dossier.names import ALIKE, ALIKE_MOST, KEPT, Resolved, Resolver, Span
from harmattan.dossier.records import LISTS, Actor, Name
from harmattan.vocabulary.cell import bounds, gid_at
from harmattan.vocabulary.country import ISO3_BY_GW, JOINT

LAW = settings(derandomize=True, max_examples=300, deadline=None)
SAHEL = Path(__file__).parents[2] / "src" / "harmattan" / "data" / "dossiers" / "sahel"
DAY = dt.date(2020, 6, 1)
WEST, EAST = (3.25, 14.25), (12.75, 13.75)

WRITTEN = """
sources:
  book: {publisher: A press, title: A book, date: 2020}
actors:
- {id: order, kind: network, label: {en: The Old Order, fr: Le Vieil Ordre}, short: OO, from: 2006-10, names: [
    {text: OO, source: ucdp, source_id: "9"}]}
- {id: order-west, kind: armed_group, label: {en: Old Order in the West, fr: "Vieil Ordre de l'Ouest"}, from: 2015-05,
   countries: [MLI, NER], names: [
    {text: OO, source: ucdp, source_id: "9", countries: [MLI, BFA], from: 2015-05},
    {text: OO, source: ucdp, source_id: "9", countries: [NER], area: [0, 11, 9, 24], from: 2015-05}]}
- {id: order-east, kind: armed_group, label: {en: Old Order in the East, fr: "Vieil Ordre de l'Est"}, names: [
    {text: OO, source: ucdp, source_id: "9", countries: [NER], area: [9, 11, 16, 24]}]}
- {id: guard, kind: armed_group, label: {en: River Guard, fr: Garde du fleuve}, short: RG, countries: [MLI], names: [
    {text: RL, kind: acronym, source: ucdp, source_id: "20", to: 2014-06-08},
    {text: RG, source: ucdp, source_id: "21"}]}
- {id: league, kind: coalition, label: {en: River League, fr: Ligue du fleuve}, short: RL, from: 2014-06, names: [
    {text: RL, kind: acronym, source: ucdp, source_id: "20", from: 2014-06-09}]}
- {id: hills, kind: armed_group, label: {en: Front of the Hills, fr: Front des collines}, short: FH, countries: [MLI],
   from: 2011, to: 2016-03, names: [{text: Les Hommes des collines, lang: fr, kind: alias},
    {text: "Jama'at Jaysh al-Jabal wal-Wadi", lang: ar}, {text: "Council for Land, Peace and Water"}]}
- {id: hills-ghana, kind: militia, label: {en: Hill Watch, fr: Garde des collines}, names: [
    {text: FH, kind: acronym, countries: [GHA]}]}
- {id: gov, kind: government, label: {en: Government of Niger, fr: Gouvernement du Niger}, names: [
    {text: Government of Niger, source: ucdp, source_id: "75"}, {text: Guéré Corps, source: ucdp, source_id: "76"}]}
- {id: twin-a, kind: militia, label: {en: Village Watch, fr: Veille A}}
- {id: twin-b, kind: militia, label: {en: Village Watch, fr: Veille B}, from: 2018}
relations:
- {subject: hills, relation: operates_in, countries: [NER], from: 2012, to: 2013}
"""


def book_of(path: Path) -> Book:
    written = read(path)
    lists = {name: written.records(name) for name in LISTS if name != "sources"}
    return Book.of([(lists, {source.key: source for source in written.records("sources")})])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    file = tmp_path_factory.mktemp("dossier") / "small.yaml"
    file.write_text(WRITTEN, encoding="utf-8")
    return Resolver(book_of(file))


@pytest.fixture(scope="module")
def sahel_book() -> Book:
    return book_of(SAHEL)


@pytest.fixture(scope="module")
def sahel(sahel_book: Book) -> Resolver:
    return Resolver(sahel_book)


def fits(found: Resolved) -> dict[str, str]:
    return {candidate.actor: candidate.fits for candidate in found.candidates}


@pytest.mark.parametrize(
    ("text", "actor", "reason"),
    [
        ("Front of the Hills", "hills", "exact"),
        ("  front OF the\thills", "hills", "exact"),
        ("FH", "hills", "acronym"),
        ("les hommes des collines", "hills", "alias"),
        ("F.H.", "hills", "transliteration"),
        ("Vieil Ordre de l’Ouest", "order-west", "transliteration"),
        ("Jamaatu Djaysh el Jabal oua l-Wadi", "hills", "transliteration"),
        ("Guéré Corps", "gov", "exact"),
    ],
)
def test_a_name_is_found_and_says_how(small: Resolver, text: str, actor: str, reason: str) -> None:
    found = small.resolve(text)
    assert (found.actor, found.reason, found.sure) == (actor, reason, True)
    assert found.candidates[0].actor == actor


def test_a_source_knows_only_the_names_recorded_for_it(small: Resolver) -> None:
    assert small.resolve("Government of Niger", source="ucdp").actor == "gov"
    assert small.resolve("Guere Corps", source="ucdp").reason == "transliteration"
    general = small.resolve("Front of the Hills", source="ucdp")
    assert (general.actor, general.reason, fits(general)) == (None, "exact", {"hills": "yes"})
    assert not small.resolve("RG", source="acled").sure
    assert small.resolve("Front of the Hills", source="ucdp", candidates=False).candidates == ()


def test_a_source_spelled_otherwise_is_no_certain_name_where_no_source_is_asked(small: Resolver) -> None:
    found = small.resolve("Guere Corps")
    assert (found.actor, found.reason, fits(found)) == (None, "transliteration", {"gov": "yes"})


@pytest.mark.parametrize(
    ("asked", "actor", "others"),
    [
        ((None, None, None), "order", {"order-west": "narrower", "order-east": "narrower"}),
        (("SYR", DAY, None), "order", {"order-west": "not there", "order-east": "not there"}),
        (("MLI", DAY, None), "order-west", {"order": "wider", "order-east": "not there"}),
        (("MLI", None, None), "order", {"order-west": "narrower", "order-east": "not there"}),
        (("MLI", dt.date(2015, 4, 30), None), "order", {"order-west": "not then", "order-east": "not there"}),
        (("MLI", dt.date(2015, 5, 1), None), "order-west", {"order": "wider", "order-east": "not there"}),
        (("NER", DAY, None), "order", {"order-west": "narrower", "order-east": "narrower"}),
        (("NER", DAY, WEST), "order-west", {"order": "wider", "order-east": "not there"}),
        (("NER", DAY, EAST), "order-east", {"order": "wider", "order-west": "not there"}),
        (("NER", DAY, (9.0, 14.0)), "order-east", {"order": "wider", "order-west": "not there"}),
        (("NER", None, EAST), "order-east", {"order": "wider", "order-west": "not there"}),
        (("NER", dt.date(2010, 1, 1), WEST), "order", {"order-west": "not then", "order-east": "not there"}),
        (("NGA+NER", DAY, WEST), "order", {"order-west": "narrower", "order-east": "not there"}),
    ],
)
def test_the_narrowest_scope_that_fits_wins(
    small: Resolver, asked: tuple[Any, Any, Any], actor: str, others: dict[str, str]
) -> None:
    country, day, point = asked
    for by_id in ({"source_id": "9"}, {}):
        found = small.resolve("OO", source="ucdp", day=day, country=country, point=point, **by_id)
        assert found.actor == actor
        assert fits(found) == {actor: "yes"} | others
        assert found.reason == ("id" if by_id else "exact")


def test_where_no_source_is_named_a_general_name_goes_before_those_of_sources(small: Resolver) -> None:
    found = small.resolve("OO", country="MLI", day=DAY)
    assert (found.actor, found.reason) == ("order", "acronym")
    assert fits(found) == {"order": "yes", "order-west": "narrower", "order-east": "not there"}
    assert small.resolve("RL", day=dt.date(2012, 1, 1), country="MLI").actor == "guard"


def test_an_unknown_id_is_not_resolved_whatever_the_text(small: Resolver) -> None:
    found = small.resolve("RG", source="ucdp", source_id="999")
    assert not found.sure
    assert fits(found) == {"guard": "yes"}
    assert small.resolve("anything at all", source="ucdp", source_id="21").actor == "guard"
    assert small.resolve("RG", source_id="21").actor == "guard"


def test_an_id_goes_from_one_actor_to_the_next(small: Resolver) -> None:
    def on(*day: int) -> Resolved:
        return small.resolve("RL", source="ucdp", source_id="20", day=dt.date(*day))

    assert (on(2012, 1, 1).actor, on(2014, 6, 8).actor, on(2014, 6, 9).actor) == ("guard", "guard", "league")
    assert fits(on(2012, 1, 1)) == {"guard": "yes", "league": "not then"}
    never_said = small.resolve("RL", source="ucdp", source_id="20")
    assert (never_said.actor, fits(never_said)) == (None, {"guard": "ambiguous", "league": "ambiguous"})
    assert small.resolve("RL").actor == "league"


def test_a_name_of_another_time_is_no_certain_name(small: Resolver) -> None:
    early, late = (small.resolve("FH", day=dt.date(year, 6, 1), country="MLI") for year in (2010, 2016))
    assert (early.actor, fits(early)) == (None, {"hills": "not then", "hills-ghana": "not there"})
    assert (late.actor, late.reason) == (None, "acronym")
    assert small.resolve("FH", day=dt.date(2011, 1, 1), country="MLI").actor == "hills"
    assert small.resolve("FH", day=dt.date(2016, 3, 31), country="MLI").actor == "hills"


def test_an_acronym_means_others_elsewhere_and_a_full_name_does_not(small: Resolver) -> None:
    day = dt.date(2014, 6, 1)
    there = {country: small.resolve("FH", day=day, country=country).actor for country in ("MLI", "NER", "GHA", "PER")}
    assert there == {"MLI": "hills", "NER": "hills", "GHA": "hills-ghana", "PER": None}
    assert fits(small.resolve("FH", country="PER"))["hills"] == "not there"
    assert small.resolve("Front of the Hills", day=day, country="PER").actor == "hills"
    assert not small.resolve("RG", country="PER").sure
    assert small.resolve("RG", source="ucdp", country="PER").actor == "guard"
    assert small.resolve("OO", country="PER").actor == "order"


def test_one_name_of_two_actors_is_nobodys(small: Resolver) -> None:
    found = small.resolve("Village Watch", day=DAY)
    assert (found.actor, fits(found)) == (None, {"twin-a": "ambiguous", "twin-b": "ambiguous"})
    assert small.resolve("village-watch", day=DAY).actor is None
    assert small.resolve("Village Watch", day=dt.date(2017, 1, 1)).actor == "twin-a"
    assert small.resolve("Village Watch").actor is None


def test_what_is_merely_alike_is_never_certain(small: Resolver) -> None:
    found = small.resolve("Frond of the Hills")
    assert (found.actor, found.name, found.reason) == (None, None, "fuzzy")
    assert fits(found) == {"hills": "yes"}
    assert ALIKE <= found.score == found.candidates[0].score < 100
    assert fits(small.resolve("Frond of the Hills", day=dt.date(2020, 1, 1))) == {"hills": "not then"}
    without = small.resolve("Frond of the Hills", candidates=False)
    assert (without.reason, without.candidates) == ("none", ())


@pytest.mark.parametrize("source", [None, "ucdp"])
@pytest.mark.parametrize("code", ["XXX436", "XXX2", " XXX999 "])
def test_a_code_for_an_unknown_actor_is_not_resolved(small: Resolver, source: str | None, code: str) -> None:
    found = small.resolve(code, source=source, country="PER", day=DAY)
    assert (found.actor, found.reason, found.candidates) == (None, "unidentified", ())


ABSURD = [
    "",
    " ",
    "\n",
    "x" * 10_000,
    "," * 10_000,
    "FH\x00",
    "\x1b[31m",
    "\ud800",
    "🔥",
    "🔥🔥🔥🔥🔥🔥",
    "שלום",
    "،؛",
    "'",
]


@pytest.mark.parametrize("text", [*ABSURD, "(((", "-" * 300, "(" * 5000, "XXX", "XXX4360", "xxx436"])
def test_absurd_input_means_nobody(small: Resolver, text: str) -> None:
    found = small.resolve(text)
    assert (found.text, found.actor, found.reason, found.score, found.candidates) == (text, None, "none", 0.0, ())
    for part in small.parts(text, day=DAY, country="MLI", point=WEST):
        assert not part.sure


def test_invisible_signs_do_not_hide_a_name(small: Resolver) -> None:
    assert small.resolve("\u202bFront of the Hills\u202c\u00ad").actor == "hills"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("FH, RG", ["hills", "guard"]),
        ("FH; RG", ["hills", "guard"]),
        ("FH , RG, nobody known", ["hills", "guard", None]),
        ("Council for Land, Peace and Water", ["hills"]),
        ("council for land; peace and water", ["hills"]),
        ("RG, Council for Land, Peace and Water, OO", ["guard", "hills", "order"]),
        ("Faction (forces of A, B & C), RG", [None, "guard"]),
        (",FH,,", ["hills"]),
        ("FH", ["hills"]),
    ],
)
def test_compound_sides_fall_into_parts(small: Resolver, text: str, parts: list[str | None]) -> None:
    assert [part.actor for part in small.parts(text)] == parts


def test_an_id_stands_for_a_compound_side_as_a_whole(small: Resolver) -> None:
    assert [part.actor for part in small.parts("A, B", source="ucdp", source_id="21")] == ["guard"]
    assert [part.actor for part in small.parts("RG, OO", source="ucdp", source_id="999")] == ["guard", "order"]
    assert [part.actor for part in small.parts("RG", source="ucdp", source_id="999")] == [None]


def test_what_is_remembered_is_bounded(small: Resolver) -> None:
    for number in range(KEPT + 10):
        small.resolve(f"nobody {number}", candidates=False)
    assert len(small._plans) <= KEPT
    small.resolve("y" * 100_000)
    assert max(len(key[0]) for key in small._plans) < 1000


# Laws on random dossiers.

ACTORS = ("a", "b", "c", "d")
COUNTRIES = ("MLI", "NER", "NGA")
dates = st.sampled_from(["2000", "2001-03", "2001-03-15", "2002/2003", "../2002", "2003/.."])
scopes = st.lists(st.sampled_from(COUNTRIES), max_size=2, unique=True)
areas = st.none() | st.sampled_from([(0, 10, 8, 20), (8, 10, 16, 20), (4, 12, 12, 18)])
texts = st.sampled_from(["KLM", "Klm", "K.L.M", "Army of the Old Desert", "Armee of the Old Dezert"])
some_days = st.dates(dt.date(1999, 6, 1), dt.date(2004, 6, 1))
places = st.sampled_from([(1.0, 11.0), (4.0, 12.0), (6.0, 15.0), (8.0, 15.0), (12.0, 17.9), (15.0, 11.0), (20.0, 30.0)])


@st.composite
def books(draw: Any) -> Book:
    def lives() -> dict[str, str]:
        start, end = draw(st.none() | dates), draw(st.none() | dates)
        return {key: value for key, value in (("from", start), ("to", end)) if value}

    def made(model: Any, fields: dict[str, Any]) -> Any:
        try:
            return model.model_validate(fields | lives())
        except ValueError:
            return model.model_validate(fields)

    actors = {}
    for actor in ACTORS:
        fields = {"id": actor, "kind": "militia", "label": {"en": actor, "fr": actor}, "countries": tuple(draw(scopes))}
        actors[actor] = made(Actor, fields)
    names = []
    for _ in range(draw(st.integers(1, 7))):
        fields = {"actor": draw(st.sampled_from(ACTORS)), "text": draw(texts), "countries": tuple(draw(scopes))}
        fields |= {"kind": draw(st.sampled_from(["name", "acronym"])), "area": draw(areas)}
        fields |= draw(st.sampled_from([{}, {"source": "ucdp"}, {"source": "ucdp", "source_id": "7"}]))
        names.append(made(Name, fields))
    return Book(actors, tuple(names), (), (), (), (), {})


def best(spans: Sequence[Span], text: str, country: str, day: dt.date, point: tuple[float, float] | None) -> str | None:
    def holds(span: Span) -> bool:
        if span.area is not None:
            west, south, east, north = span.area
            if point is None or not (west <= point[0] < east and south <= point[1] < north):
                return False
        return span.written == text and span.country in (None, country) and span.first <= day <= span.last

    held = [span for span in spans if holds(span)]
    top = max((span.rank for span in held), default=0)
    actors = {span.actor for span in held if span.rank == top}
    assert len(actors) <= 1
    return actors.pop() if actors else None


@LAW
@given(books(), texts, st.sampled_from([*COUNTRIES, *JOINT, "PER"]), some_days, st.none() | places)
def test_spans_and_resolve_agree(
    book: Book, text: str, country: str, day: dt.date, point: tuple[float, float] | None
) -> None:
    resolver = Resolver(book)
    spans = resolver.spans([text, text, "another"], "ucdp")
    assert len(spans) == len(set(spans))
    found = resolver.resolve(text, source="ucdp", day=day, country=country, point=point)
    assert best(spans, text, country, day, point) == found.actor


ways = st.fixed_dictionaries(
    {
        "country": st.none() | st.sampled_from([*COUNTRIES, *JOINT, "PER", ""]),
        "day": st.none() | some_days,
        "point": st.none() | places,
    }
).flatmap(
    lambda where: st.sampled_from(
        [
            where,
            where | {"source": "ucdp"},
            where | {"source": "ucdp", "source_id": "7"},
            where | {"source": "ucdp", "source_id": "8"},
            where | {"source": "un"},
        ]
    )
)


@LAW
@given(books(), texts | st.text(max_size=30), ways)
def test_an_answer_is_one_actor_or_none_and_its_candidates_are_in_order(
    book: Book, text: str, asked: dict[str, Any]
) -> None:
    resolver = Resolver(book)
    found = resolver.resolve(text, **asked)
    scores = [candidate.score for candidate in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert len(fits(found)) == len(found.candidates)
    assert found.sure == (found.actor is not None) == (found.name is not None)
    assert all(0 < score <= 100 for score in scores)
    assert (found.reason, found.score) == ((found.candidates[0].reason, scores[0]) if scores else ("none", 0))
    if found.sure:
        assert found.reason not in ("fuzzy", "none", "unidentified")
        assert [c.actor for c in found.candidates if c.fits in ("yes", "ambiguous")] == [found.actor]
        first = found.candidates[0]
        assert (first.actor, first.name, first.fits) == (found.actor, found.name, "yes")
    if found.reason == "fuzzy":
        assert len(found.candidates) <= ALIKE_MOST
        assert min(scores) >= ALIKE
    assert resolver.resolve(text, **asked) is found
    quick = resolver.resolve(text, candidates=False, **asked)
    assert (quick.actor, quick.name, quick.candidates) == (found.actor, found.name, ())


@LAW
@given(books(), texts, some_days)
def test_who_is_certain_without_a_day_fits_on_every_day_on_which_somebody_does(
    book: Book, text: str, day: dt.date
) -> None:
    asked = {"source": "ucdp", "country": "MLI", "point": (6.0, 15.0)}
    always, then = Resolver(book).resolve(text, **asked), Resolver(book).resolve(text, day=day, **asked)
    if always.sure and "yes" in fits(then).values():
        assert fits(then)[str(always.actor)] in ("yes", "wider")


def test_where_narrower_names_meet_over_a_wider_one_nobody_is_certain() -> None:
    actors = {key: Actor(id=key, kind="militia", label={"en": key, "fr": key}) for key in "abc"}
    scopes: list[tuple[str, tuple[str, ...]]] = [("a", ()), ("b", ("MLI", "NER")), ("c", ("MLI",))]
    names = tuple(Name(actor=key, text="KLM", source="ucdp", countries=places) for key, places in scopes)
    resolver = Resolver(Book(actors, names, (), (), (), (), {}))
    always = (dt.date.min, dt.date.max)
    spans = {(s.country, s.actor, s.rank, s.first, s.last) for s in resolver.spans(["KLM"], "ucdp")}
    assert spans == {(None, "a", 4, *always), ("NER", "b", 8, *always), ("MLI", None, 9, *always)}
    found = resolver.resolve("KLM", source="ucdp", country="MLI", day=DAY)
    assert fits(found) == {"b": "ambiguous", "c": "ambiguous", "a": "wider"}
    without = Resolver(Book(actors, names[1:], (), (), (), (), {})).spans(["KLM"], "ucdp")
    assert [(span.country, span.actor) for span in without] == [("NER", "b")]


@LAW
@given(text=st.text(st.characters(), max_size=60))
def test_no_text_is_too_much(small: Resolver, text: str) -> None:
    for source in (None, "ucdp"):
        assert small.resolve(text, source=source).text == text
        assert len(small.parts(f"{text}, FH", source=source)) >= 1
    assert all(span.written == text for span in small.spans([text], "ucdp"))


# The data sets of the field and the dossier that comes with the package.

Side = tuple[str, str, str, dt.date, tuple[float, float]]


@pytest.fixture(scope="module")
def sides(data_dir: Path) -> list[Side]:
    """Text, UCDP id, country, day and cell centre of each side in GED, civilians left out, all different."""
    rows = duckdb.sql(
        f"""
        WITH events AS (FROM read_csv('{data_dir}/ucdp/ged241_westafrica8_events.csv.gz'))
        SELECT DISTINCT side, id, country_id, day, lon, lat
        FROM (SELECT side_a AS side, side_a_new_id AS id, country_id, date_start AS day, longitude AS lon,
                     latitude AS lat FROM events
              UNION ALL SELECT side_b, side_b_new_id, country_id, date_start, longitude, latitude FROM events)
        WHERE side <> 'Civilians' ORDER BY ALL
        """
    ).fetchall()
    found = set()
    for side, number, country, day, lon, lat in rows:
        west, south, east, north = bounds(gid_at(lat, lon))
        found.add((side, str(number), ISO3_BY_GW[country], day, ((west + east) / 2, (south + north) / 2)))
    return sorted(found)


@pytest.fixture(scope="module")
def numbers(sahel_book: Book) -> dict[str, set[str]]:
    """The UCDP ids that each actor of the dossier carries."""
    found: dict[str, set[str]] = {actor: set() for actor in sahel_book.actors}
    for name in sahel_book.names:
        if name.source == "ucdp" and name.source_id:
            found[name.actor].add(name.source_id)
    return found


@pytest.mark.data
def test_every_side_of_the_three_countries_since_2011_is_known(
    sahel: Resolver, sides: list[Side], numbers: dict[str, set[str]]
) -> None:
    open_, wrong = Counter[Any](), Counter[Any]()
    for side, number, country, day, point in sides:
        if country in ("MLI", "BFA", "NER") and day.year >= 2011:
            parts = sahel.parts(side, source="ucdp", day=day, country=country, point=point)
            for part in parts:
                open_[part.text, country, day] += not part.sure
                wrong[part.text, part.actor] += part.sure and len(parts) == 1 and number not in numbers[str(part.actor)]
    assert sorted(+open_) == []
    assert sorted(+wrong) == []


@pytest.mark.data
def test_an_id_says_the_same_as_the_name(sahel: Resolver, sides: list[Side]) -> None:
    for side, number, country, day, point in sides:
        by_id = sahel.resolve(side, source="ucdp", source_id=number, day=day, country=country, point=point)
        if by_id.sure and "," not in side:
            by_name = sahel.resolve(side, source="ucdp", day=day, country=country, point=point)
            assert by_name.actor == by_id.actor, (side, country, day)


@pytest.mark.data
def test_spans_and_resolve_agree_on_all_of_ged(sahel: Resolver, sides: list[Side]) -> None:
    asked = sorted(
        {
            (part.text, country, day, *point)
            for side, _, country, day, point in sides
            for part in sahel.parts(side, source="ucdp", candidates=False)
        }
    )
    spans = sahel.spans({row[0] for row in asked}, "ucdp")
    con = duckdb.connect()
    con.execute("CREATE TABLE event (n INT, text VARCHAR, iso3 VARCHAR, day DATE, lon DOUBLE, lat DOUBLE)")
    con.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", [(n, *row) for n, row in enumerate(asked)])
    con.execute(
        "CREATE TABLE span (written VARCHAR, country VARCHAR, west DOUBLE, south DOUBLE, east DOUBLE, north DOUBLE, "
        "first DATE, last DATE, actor VARCHAR, rank INT)"
    )
    flat = [(s.written, s.country, *(s.area or (None,) * 4), str(s.first), str(s.last), s.actor, s.rank) for s in spans]
    con.executemany(f"INSERT INTO span VALUES ({', '.join('?' * 10)})", flat)
    joined = con.sql(
        """
        SELECT n, actor FROM event LEFT JOIN span ON written = text AND day BETWEEN first AND last
            AND (country IS NULL OR country = iso3)
            AND (west IS NULL OR (lon >= west AND lon < east AND lat >= south AND lat < north))
        QUALIFY row_number() OVER (PARTITION BY n ORDER BY rank DESC) = 1
        """
    ).fetchall()
    by_span = dict(joined)
    assert len(joined) == len(asked) > 5000
    for n, (text, country, day, lon, lat) in enumerate(asked):
        found = sahel.resolve(text, source="ucdp", day=day, country=country, point=(lon, lat))
        assert by_span[n] == found.actor, asked[n]
    assert len(set(by_span.values())) > 20


@pytest.fixture(scope="module")
def ucdp_actors(data_dir: Path) -> list[tuple[str, str, list[str]]]:
    """Id, name, and the countries where it is, of each actor that UCDP knows."""
    rows = duckdb.sql(f"SELECT ActorId, NameData, GWNOLoc FROM '{data_dir}/actors/ucdp_actor_221.parquet'").fetchall()
    assert len(rows) == 1725
    where = [[gw.strip() for gw in (places or "").split(",")] for _, _, places in rows]
    known = [[ISO3_BY_GW[int(gw)] for gw in gws if gw.isdigit() and int(gw) in ISO3_BY_GW] for gws in where]
    return [(str(number), name, countries) for (number, name, _), countries in zip(rows, known, strict=True)]


@pytest.mark.data
@pytest.mark.parametrize("with_id", [True, False])
def test_no_actor_of_ucdp_is_taken_for_another(
    sahel: Resolver, ucdp_actors: list[tuple[str, str, list[str]]], numbers: dict[str, set[str]], with_id: bool
) -> None:
    sure = 0
    for number, text, _ in ucdp_actors:
        found = sahel.resolve(text, source="ucdp", source_id=number if with_id else None)
        assert not found.sure or number in numbers[str(found.actor)], (number, text, found)
        sure += found.sure
    assert sure > 40


@pytest.mark.data
def test_no_actor_of_ucdp_is_taken_for_another_where_no_source_is_named(
    sahel: Resolver, ucdp_actors: list[tuple[str, str, list[str]]], numbers: dict[str, set[str]]
) -> None:
    """By the text alone, and by the text and a country where the actor is."""
    wrong = []
    for number, text, countries in ucdp_actors:
        by_country = [sahel.resolve(text, country=country) for country in countries]
        for found in (sahel.resolve(text), *by_country):
            if found.sure and number not in numbers.get(str(found.actor), ()):
                wrong.append((number, text, found.actor, found.reason))
    assert wrong == []


@pytest.mark.data
@pytest.mark.parametrize("country", ["MLI", "NER", "SYR"])
def test_codes_for_unknown_actors_stay_so(sahel: Resolver, country: str) -> None:
    for gw in ISO3_BY_GW:
        found = sahel.resolve(f"XXX{gw}", source="ucdp", country=country)
        assert (found.actor, found.reason, found.candidates) == (None, "unidentified", ())
