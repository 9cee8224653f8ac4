"""What a desk keeps, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
import sqlalchemy as sa

from harmattan.desk.store import Desk
from harmattan.errors import DeskError, UsageError
from harmattan.vocabulary.assertion import Origin
from harmattan.vocabulary.partial import PartialDate
from tests.desk.made import AT, TEXT, assertion, document, some

LATER = AT + dt.timedelta(hours=2)


@pytest.fixture
def full(desk: Desk) -> Desk:
    desk.add(document(), AT, by="amina")
    desk.propose(some())
    return desk


def named(desk: Desk, words: str, kind: str = "actor") -> str:
    (found,) = [a.id for a in desk.assertions(kind=kind) if a.citation.exact == words]
    return found


def test_a_document_comes_back_as_it_was_with_its_record_of_intake(desk: Desk) -> None:
    first = desk.add(document(), AT, by="amina")
    assert (first.new, first.number, first.by, first.at) == (True, 1, "amina", AT)
    assert desk.document(document().id) == document() == desk.documents()[0]
    again = desk.add(document(), LATER, by="bako")
    assert (again.new, again.by) == (False, "amina")
    (kept,) = desk.intakes(document().digest)
    assert kept.document == document().digest
    assert kept.tool


def test_more_said_of_a_document_is_a_further_intake_and_less_said_takes_nothing_away(desk: Desk) -> None:
    desk.add(document(published=None, published_basis=""), AT, by="amina")
    desk.add(document(published=PartialDate.parse("2022-03-05"), confidential=True), LATER, by="bako")
    desk.add(document(published=PartialDate.parse("2022-03-09"), published_basis="html", publisher=""), LATER, by="c")
    found = desk.document(document().id)
    assert (str(found.published), found.confidential, found.publisher) == ("2022-03-05", True, "The Valley Courier")
    assert [intake.by for intake in desk.intakes(found.digest)] == ["amina", "bako"]


def test_the_text_stays_as_it_was_first_taken_in(full: Desk) -> None:
    full.add(replace(document(), text="Another reading of the same bytes.", title="Another title"), LATER)
    assert full.document(document().digest).text == TEXT
    assert full.document(document().digest).title == "Another title"


def test_proposing_twice_adds_nothing_and_never_overwrites_a_review(full: Desk) -> None:
    assert full.propose(some()) == ()
    jnim = named(full, "JNIM")
    full.review(jnim, "rejected", "amina", LATER, note="another group of that name")
    newer = Origin(kind="rule", name="reading.names", version="2")
    assert full.propose([assertion("JNIM", "actor", {"actor": "other"}, origin=newer)]) == ()
    assert full.assertion(jnim).state == "rejected"
    assert full.assertion(jnim).canonical == {"actor": "jnim"}


def test_a_later_rule_may_correct_what_nobody_has_looked_at(full: Desk) -> None:
    newer = Origin(kind="rule", name="reading.names", version="2")
    (made,) = full.propose([assertion("JNIM", "actor", {"actor": "ansar-dine"}, origin=newer)])
    assert (made.version, full.assertion(made.id).canonical) == (2, {"actor": "ansar-dine"})
    assert [a.canonical["actor"] for a in full.history(made.id)] == ["jnim", "ansar-dine"]


def test_the_queue_is_in_the_order_of_the_text_and_holds_what_is_open(full: Desk) -> None:
    queue = full.queue(document().id)
    assert [a.citation.start for a in queue] == sorted(a.citation.start for a in some())
    full.review(named(full, "JNIM"), "accepted", "amina", LATER)
    assert named(full, "JNIM") not in {a.id for a in full.queue(document().id)}
    assert {a.kind for a in full.queue(document().id, "figure")} == {"figure"}
    assert full.counts() == {document().digest: {"candidate": 5, "accepted": 1}}


def test_every_version_stays_and_says_who_when_and_why(full: Desk) -> None:
    jnim = named(full, "JNIM")
    full.review(jnim, "accepted", "amina", LATER, note="certain")
    full.review(jnim, "obsolete", "bako", LATER + dt.timedelta(days=1), note="renamed")
    told = [(a.version, a.state, a.reviewer, a.at, a.note) for a in full.history(jnim)]
    assert told == [
        (1, "candidate", "", AT, ""),
        (2, "accepted", "amina", LATER, "certain"),
        (3, "obsolete", "bako", LATER + dt.timedelta(days=1), "renamed"),
    ]
    assert full.review(jnim, "obsolete", "bako", LATER, note="renamed").version == 3


def test_editing_an_accepted_one_makes_it_unreviewed(full: Desk) -> None:
    jnim = named(full, "JNIM")
    full.review(jnim, "accepted", "amina", LATER)
    edited = full.review(jnim, "accepted", "bako", LATER, canonical={"actor": "ansar-dine"})
    assert (edited.state, edited.version, edited.reviewer) == ("candidate", 3, "bako")
    assert full.review(jnim, "accepted", "amina", LATER).state == "accepted"
    changed = full.review(jnim, "accepted", "amina", LATER, also={"modality": "denied", "attributed_to": "the army"})
    assert (changed.state, changed.modality, changed.attributed_to) == ("candidate", "denied", "the army")


def test_a_candidate_may_be_mended_and_accepted_in_one_act(full: Desk) -> None:
    army = named(full, "الجيش")
    with pytest.raises(UsageError, match="does not say yet which actor"):
        full.review(army, "accepted", "amina", LATER)
    assert full.review(army, "accepted", "amina", LATER, canonical={"actor": "fama"}).state == "accepted"


def test_the_second_of_two_people_is_told_who_when_and_which_version(full: Desk) -> None:
    jnim = named(full, "JNIM")
    full.review(jnim, "accepted", "amina", LATER, expected_version=1)
    with pytest.raises(DeskError) as told:
        full.review(jnim, "rejected", "bako", LATER, expected_version=1)
    said = str(told.value)
    assert all(words in said for words in ("amina", "version 2", "accepted", "2022-10-31 11:00:00 UTC")), said
    assert "\n" not in said
    assert [a.state for a in full.history(jnim)] == ["candidate", "accepted"]
    assert full.review(jnim, "rejected", "bako", LATER, expected_version=2).version == 3


def test_a_second_meaning_of_the_same_words_is_a_conflict_until_somebody_decides(full: Desk) -> None:
    mine = assertion("JNIM", "actor", {"actor": "isgs"}, origin=Origin(kind="human", name="bako"))
    full.propose([mine])
    first = full.review(some()[1].id, "accepted", "amina", LATER)
    second = full.review(mine.id, "accepted", "bako", LATER)
    assert second.state == "conflict"
    assert full.against(second) == (first,)
    assert mine.id in {a.id for a in full.queue(document().id)}
    full.review(first.id, "obsolete", "amina", LATER)
    assert full.review(mine.id, "accepted", "bako", LATER).state == "accepted"


def test_agreement_and_claims_of_one_sentence_are_no_conflict(full: Desk) -> None:
    same = assertion("JNIM", "actor", {"actor": "jnim"}, origin=Origin(kind="human", name="bako"))
    claim = some()[4]
    other = claim.canonical | {"part": [{"check": "first", "country": ["MLI"], "date": "2022-03-02"}]}
    second = assertion(claim.citation.exact, "claim", other)
    assert second.id != claim.id
    full.propose([same, second])
    accepted = [
        full.review(id, "accepted", "amina", LATER).state for id in (some()[1].id, same.id, claim.id, second.id)
    ]
    assert accepted == ["accepted"] * 4
    assert [c.id for c in full.claims(document().id).claim] == ["market", f"market-{second.id}"] or [
        c.id for c in full.claims(document().id).claim
    ] == ["market", f"market-{claim.id}"]


def test_claims_are_the_accepted_ones_with_their_citation(full: Desk) -> None:
    with pytest.raises(UsageError, match="No claim of Market attacked is accepted"):
        full.claims(document().id)
    full.review(some()[4].id, "accepted", "amina", LATER)
    claims = full.claims(document().id)
    assert (claims.as_of, claims.document.digest) == (dt.date(2022, 3, 4), document().digest)
    (claim,) = claims.claim
    assert claim.citation is not None
    assert claim.citation.exact == claim.quote


def test_what_is_no_claim_cannot_be_accepted_as_one(full: Desk) -> None:
    broken = some()[4].canonical | {"part": [{"check": "exists", "country": ["Mali"]}]}
    with pytest.raises(UsageError, match="no ISO3 code"):
        full.review(some()[4].id, "accepted", "amina", LATER, canonical=broken)
    assert full.assertion(some()[4].id).version == 1


def test_a_citation_whose_words_do_not_stand_there_is_refused_and_nothing_is_added(full: Desk) -> None:
    good = assertion("market", "new_name", {"long": "market"})
    wrong = assertion("Le GSIM", "actor", {"actor": "jnim"})
    wrong = wrong.model_copy(update={"citation": wrong.citation.model_copy(update={"start": 3, "end": 10})})
    with pytest.raises(UsageError, match="do not stand where"):
        full.propose([good, wrong])
    assert good.id not in {a.id for a in full.assertions()}


def test_every_script_and_every_quote_of_sql_is_just_text(full: Desk) -> None:
    hostile = "'); DROP TABLE assertions; --"
    made = assertion(hostile, "new_name", {"long": hostile, "%_": '\\ " ` $1 :x ? 🕊 قال'})
    full.propose([made])
    full.review(made.id, "accepted", hostile, LATER, note=f"{hostile} 🕊 قال", also={"attributed_to": hostile})
    kept = full.assertion(made.id)
    assert (kept.citation, kept.canonical) == (made.citation, made.canonical)
    assert (kept.reviewer, kept.attributed_to, kept.note) == (hostile, hostile, f"{hostile} 🕊 قال")
    for words in ("%", "____", "' OR 1=1 --", "%%%%", "\\\\\\\\"):
        with pytest.raises(UsageError):
            full.assertion(words)
        with pytest.raises(UsageError):
            full.document(words)
    assert len(full.assertions()) == 7


@pytest.mark.parametrize("words", ["a\x00b", "half \ud83d"])
def test_what_a_database_cannot_keep_is_refused_in_one_line(full: Desk, words: str) -> None:
    jnim = named(full, "JNIM")
    for act in (
        lambda: full.review(jnim, "rejected", "amina", LATER, note=words),
        lambda: full.review(jnim, "rejected", words, LATER),
        lambda: full.review(jnim, "candidate", "amina", LATER, canonical={words: 1}),
        lambda: full.add(replace(document("Another."), publisher=words), AT),
        lambda: full.add(replace(document("Another."), text=words), AT),
    ):
        with pytest.raises(UsageError) as told:
            act()
        assert "\n" not in str(told.value)
    assert full.assertion(jnim).version == 1
    assert len(full.documents()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assertions SET state = 'accepted'",
        "DELETE FROM assertions",
        "UPDATE documents SET text = ''",
        "DELETE FROM intakes",
        "UPDATE exports SET by = ''",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove(full: Desk, statement: str) -> None:
    full.log_export(full.assertions(), "jsonl", b"{}", at=LATER, by="amina", quoted=False)
    before = full.assertions()
    statement = statement.replace("by =", '"by" =')
    with pytest.raises(DeskError, match="only adds"), full.writing() as session:
        session.execute(sa.text(statement))
    replaced = "INSERT OR REPLACE INTO assertions SELECT * FROM assertions"
    emptied = replaced if full.engine.dialect.name == "sqlite" else "TRUNCATE exported"
    with pytest.raises(DeskError, match="only adds"), full.writing() as session:
        session.execute(sa.text(emptied))
    assert full.assertions() == before


def test_what_is_taken_out_is_logged(full: Desk) -> None:
    full.log_export(full.assertions(), "jsonl", b"{}", at=LATER, by="amina", quoted=True)
    (export,) = full.exports()
    assert (export.by, export.format, export.at, export.quoted) == ("amina", "jsonl", LATER, True)
    assert {id for id, _ in export.assertions} == {a.id for a in some()}


def test_ids_and_tallies_are_those_of_the_queue(desk: Desk) -> None:
    kept = document()
    desk.add(kept, AT, by="Awa")
    drafts = [assertion("JNIM attacked the market of Tarwal", "claim", {"id": f"c{n}", "quote": "-", "part": []},
                        note=f"score 0.{n}0") for n in (3, 9, 5)]  # fmt: skip
    desk.propose([*some(), *drafts])
    desk.review(desk.queue(kept.id)[0].id, "rejected", "Awa", AT)
    for kind in (None, "claim", "place", "event"):
        for states in (("candidate", "conflict"), ("rejected",), None):
            assert desk.waiting(kept.id, kind, states) == tuple(a.id for a in desk.queue(kept.id, kind, states))
    every = desk.assertions(kept.id)
    assert desk.tally(kept.id) == Counter((made.kind, made.state) for made in every)
    inside = desk.assertions(kept.id, within=(15, 60))
    assert {made.id for made in inside} == {a.id for a in every if a.citation.end > 15 and a.citation.start < 60}
