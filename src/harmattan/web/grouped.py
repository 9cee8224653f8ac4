"""The questions in groups, each with what it asks in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harmattan.questions.question import Question
from harmattan.questions.registry import QUESTIONS
from harmattan.text import T, Text
from harmattan.text.speaker import Speaker

GROUPS: tuple[tuple[Text, Mapping[str, Text]], ...] = (
    (
        T("Events and deaths"),
        {
            "casualties": T("How many events and deaths, told apart by time, place, kind or actor?"),
            "records": T("Is this the deadliest window of months there has been?"),
            "civilian-harm": T("How many civilians were killed, by whom or in which fighting?"),
            "actors": T("Who is active where, since when, against whom?"),
            "incidents": T("Which were the largest incidents, and what is doubtful in them?"),
            "tally": T("How many by every reasonable way of counting?"),
            "coverage": T("Which release answers for which country and days?"),
            "revisions": T("What did a publisher change between two releases?"),
        },
    ),
    (
        T("Groups and places"),
        {
            "expansion": T("Where was a group first seen, and how did its range grow?"),
            "activity-range": T("Where is a group active now, and where before?"),
            "competition": T("Which group holds which share of the activity, and where is ground contested?"),
            "border-violence": T("How much happened near borders?"),
            "cross-border-groups": T("Which share involves groups based in another country?"),
            "network": T("Who is linked to whom, by relations and by fighting?"),
            "conflict-index": T("How severe are conflicts beside each other?"),
        },
    ),
    (
        T("Harm and people"),
        {
            "harm-rate": T("How many civilians are killed a month?"),
            "harm-partner": T("How many while a foreign force was there, and while it was not?"),
            "exposure": T("How many people live near violence?"),
            "mines": T("How much violence is there near mines?"),
            "displacement": T("How many people are displaced?"),
            "displacement-violence": T("How do changes of displacement go with violence before?"),
            "needs": T("How many people need help?"),
            "funding": T("What do plans ask for, and what do they have?"),
        },
    ),
    (
        T("Alerts and what may come"),
        {
            "alerts": T("Which rules ring, and where?"),
            "alert-history": T("When did they ring, and how often did that come true?"),
            "forecast": T("How many deaths may the months ahead have?"),
            "what-changed": T("Why did the forecast move since the month before?"),
            "scenario": T("What may follow where violence runs along a path?"),
            "forecast-skill": T("How well did models do on past months?"),
        },
    ),
    (
        T("What follows from what"),
        {
            "spillover": T("Does violence in one place follow that of another beyond coincidence?"),
            "shock": T("What is a burst of violence followed by, and how long?"),
            "reproduction": T("Does violence keep itself alive?"),
            "effect": T("What was violence after an event, against what would have been?"),
            "vacuum": T("What happened around places that a force left?"),
            "aligned": T("How were the months before and after coups, mandates, withdrawals?"),
        },
    ),
    (
        T("What the dossier says"),
        {
            "relations": T("Who stood how to whom, on a day or in a period?"),
            "actor": T("What is known of one actor?"),
            "who-is": T("Whom does a name mean?"),
            "presence": T("Which forces stood where, and how did that end?"),
            "force-months": T("How much force stood near a place, and for how long?"),
            "milestones": T("What happened when?"),
            "figures": T("What figures were reported?"),
        },
    ),
    (
        T("Posts"),
        {
            "campaigns": T("Which groups of accounts act together beyond chance?"),
            "campaign": T("What does one such group do?"),
            "coordination-network": T("Which accounts are linked with which?"),
            "narratives": T("What does each group push?"),
            "posts-and-events": T("How does posting lie beside events?"),
        },
    ),
    (T("The data"), {"sources": T("Which data sets are there, and what is here?")}),
)
OTHERS = T("Others")


@dataclass(frozen=True)
class Asked:
    """A question as a list shows it."""

    question: Question
    short: Text | None


def short_of(name: str) -> Text | None:
    """What a question asks, in a few words."""
    return next((words[name] for _title, words in GROUPS if name in words), None)


def grouped(speaker: Speaker, sought: str = "") -> list[tuple[Text, list[Asked]]]:
    """The questions in their groups; those that have each of the words sought in their name or meaning."""
    wanted = sought.casefold().split()
    known = [(title, [Asked(QUESTIONS[name], short) for name, short in words.items() if name in QUESTIONS])
             for title, words in GROUPS]  # fmt: skip
    listed = {one.question.name for _title, asked in known for one in asked}
    rest = [Asked(question, None) for name, question in QUESTIONS.items() if name not in listed]
    found = [
        (title, [one for one in asked if _fits(one, wanted, speaker)]) for title, asked in [*known, (OTHERS, rest)]
    ]
    return [(title, asked) for title, asked in found if asked]


def _fits(one: Asked, wanted: Sequence[str], speaker: Speaker) -> bool:
    said = [one.question.name, speaker.say(one.question.meaning), speaker.say(one.short) if one.short else ""]
    words = " ".join(said).casefold()
    return all(word in words for word in wanted)
