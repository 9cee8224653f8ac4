"""What was found against what was to be found: precision, recall and F1 by kind, with Wilson's interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from harmattan.reading.mentions import (
    ActorMeaning,
    DateMeaning,
    FigureMeaning,
    Mention,
    PlaceMeaning,
)
from quality.labelled import Days, Figure, Gold, Labelled

Z95 = 1.959963984540054
KINDS = (
    "actor", "place", "date", "figure value", "figure with indicator", "figure's qualifier", "figure's place",
    "figure's date", "new name",
)  # fmt: skip
"""What is scored, in the order in which it is printed."""

KINDS_READ = ("actor", "place", "date", "figure", "new_name")


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a proportion; 0 to 1 where n is 0.

    Source: E. B. Wilson, 1927, Journal of the American Statistical Association 22, 209-212,
    doi:10.1080/01621459.1927.10502953.

    >>> tuple(round(end, 3) for end in wilson(8, 10))
    (0.49, 0.943)
    """
    if n == 0:
        return 0.0, 1.0
    share, square = right / n, Z95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Tally:
    """Of `said` found things `right` are right; of `gold` things to be found `met` were found. Tallies add up."""

    right: int = 0
    said: int = 0
    met: int = 0
    gold: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.said + other.said, self.met + other.met, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Right of said; NaN where nothing was said."""
        return self.right / self.said if self.said else math.nan

    @property
    def recall(self) -> float:
        """Found of what was to be found; NaN where there was nothing."""
        return self.met / self.gold if self.gold else math.nan

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 0 where nothing is right."""
        if not (self.right and self.met):
            return 0.0
        return 2 * self.precision * self.recall / (self.precision + self.recall)


@dataclass(frozen=True)
class Slip:
    """One error: what was `missed` or `wrong`, its words, what it means and what was made of it."""

    kind: str
    how: str
    text: str
    around: str
    gold: str
    found: str


@dataclass
class Scores:
    """Tallies by kind, and the errors they come from."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)

    def add(self, kind: str, tally: Tally, slips: Iterable[Slip] = ()) -> None:
        """Counts a further tally of a kind."""
        self.tallies[kind] = self.tallies.get(kind, Tally()) + tally
        self.slips.extend(slips)

    def update(self, other: Scores) -> None:
        """Counts everything of another."""
        for kind, tally in other.tallies.items():
            self.add(kind, tally)
        self.slips.extend(other.slips)

    def confusions(self) -> Counter[tuple[str, str]]:
        """How many errors of each kind and way."""
        return Counter((slip.kind, slip.how) for slip in self.slips)


def overlap(one: Gold | Mention, other: Gold | Mention) -> bool:
    """Whether two spans have a character in common."""
    return one.start < other.end and other.start < one.end


def same_actor(gold: Gold, found: Mention) -> bool:
    """Whether it is the very actor, for certain."""
    return isinstance(found.meaning, ActorMeaning) and found.meaning.actor == gold.meaning


def same_place(gold: Gold, found: Mention) -> bool:
    """Whether it lies in the right country."""
    return isinstance(found.meaning, PlaceMeaning) and found.meaning.place.iso3 == gold.meaning


def same_days(gold: Gold, found: Mention) -> bool:
    """Whether both ends are the same days."""
    return isinstance(found.meaning, DateMeaning) and Days(found.meaning.start, found.meaning.end) == gold.meaning


def same_value(gold: Gold, found: Mention) -> bool:
    """Whether it is the same number, or the same two ends."""
    if not isinstance(found.meaning, FigureMeaning) or not isinstance(gold.meaning, Figure):
        return False
    amount = found.meaning.amount
    return (amount.value, amount.high) == (gold.meaning.value, gold.meaning.high)


def same_figure(gold: Gold, found: Mention) -> bool:
    """Whether it is the same number and one of the right indicators."""
    if not isinstance(found.meaning, FigureMeaning) or not isinstance(gold.meaning, Figure):
        return False
    return same_value(gold, found) and found.meaning.indicator in gold.meaning.indicators


def same_name(gold: Gold, found: Mention) -> bool:
    """Whether it is the name, give or take an article: it lies on more than half of the letters of both."""
    common = min(gold.end, found.end) - max(gold.start, found.start)
    return found.kind == "new_name" and 2 * common > max(gold.end - gold.start, found.end - found.start)


def told(meaning: object) -> str:
    """A meaning in few words."""
    if isinstance(meaning, ActorMeaning):
        return meaning.actor or f"? {'/'.join(meaning.candidates[:3])}"
    if isinstance(meaning, PlaceMeaning):
        return f"{meaning.place.iso3} {meaning.place.name} ({meaning.place.kind})"
    if isinstance(meaning, DateMeaning | Days):
        return f"{meaning.start or ''}..{meaning.end or ''}"
    if isinstance(meaning, FigureMeaning):
        amount = meaning.amount
        high = "" if amount.high is None else f"-{amount.high:g}"
        return f"{amount.qualifier} {amount.value:g}{high} {meaning.indicator}"
    if isinstance(meaning, Figure):
        high = "" if meaning.high is None else f"-{meaning.high:g}"
        return f"{meaning.qualifier} {meaning.value:g}{high} {'/'.join(map(str, meaning.indicators))}"
    return str(meaning or "")


def _slip(text: Labelled, kind: str, how: str, at: Gold | Mention, *words: str) -> Slip:
    around = text.text[max(0, at.start - 30) : at.end + 30].replace("\n", " ")
    return Slip(kind, how, text.id, f"{at.text!r} in …{around}…", *words)


def _compared(
    text: Labelled,
    kind: str,
    gold: Sequence[Gold],
    found: Sequence[Mention],
    same: Callable[[Gold, Mention], bool],
) -> Scores:
    """Every mark of a kind against everything found of it."""
    scores, right, met = Scores(), 0, 0
    open_spans = text.of("open")
    counted = [
        one
        for one in found
        if any(overlap(mark, one) for mark in gold) or not any(overlap(mark, one) for mark in open_spans)
    ]
    for mention in counted:
        near = [mark for mark in gold if overlap(mark, mention)]
        if any(same(mark, mention) for mark in near):
            right += 1
            continue
        want = "; ".join(told(mark.meaning) for mark in near)
        how = "confused" if near else "false"
        scores.slips.append(_slip(text, kind, how, mention, want, told(mention.meaning)))
    for mark in gold:
        near_found = [mention for mention in counted if overlap(mark, mention)]
        if any(same(mark, mention) for mention in near_found):
            met += 1
        elif not near_found:
            scores.slips.append(_slip(text, kind, "missed", mark, told(mark.meaning), ""))
    scores.add(kind, Tally(right, len(counted), met, len(gold)))
    return scores


def score(text: Labelled, mentions: Sequence[Mention]) -> Scores:
    """What was found in a text against its marks; `mentions` as in a reading, where figures point to them."""
    of = {
        kind: [one for one in mentions if one.kind == kind] for kind in ("actor", "place", "date", "figure", "new_name")
    }
    figures = text.of("figure")
    scores = Scores()
    for kind, gold, found, same in (
        ("actor", text.of("actor"), of["actor"], same_actor),
        ("place", text.of("place"), of["place"], same_place),
        ("date", text.of("date"), of["date"], same_days),
        ("figure value", figures, of["figure"], same_value),
        ("figure with indicator", figures, of["figure"], same_figure),
        ("new name", text.of("new_name"), of["new_name"], same_name),
    ):
        scores.update(_compared(text, kind, gold, found, same))
    for mark in figures:
        for mention in of["figure"]:
            if overlap(mark, mention) and same_value(mark, mention):
                scores.update(_about(text, mark, mention, mentions))
                break
    return scores


def _about(text: Labelled, mark: Gold, mention: Mention, mentions: Sequence[Mention]) -> Scores:
    """The word beside a figure, its place and its date, where its value was found."""
    figure, meaning = mark.meaning, mention.meaning
    assert isinstance(figure, Figure)
    assert isinstance(meaning, FigureMeaning)
    scores = Scores()
    exact = int(figure.qualifier == meaning.amount.qualifier)
    scores.add("figure's qualifier", Tally(exact, 1, exact, 1))
    if not exact:
        scores.slips.append(_slip(text, "figure's qualifier", "confused", mark, told(figure), told(meaning)))
    place = mentions[meaning.place] if meaning.place is not None else None
    place_marks = [one for one in text.of("place") if figure.place and one.text == figure.place]
    right_place = place is not None and any(
        (overlap(one, place) or one.text.casefold() == place.text.casefold()) and same_place(one, place)
        for one in place_marks
    )
    date = mentions[meaning.date] if meaning.date is not None else None
    right_date = date is not None and figure.days is not None and told(date.meaning) == told(figure.days)
    for kind, right, said, gold, want in (
        ("figure's place", right_place, place, bool(figure.place), figure.place),
        ("figure's date", right_date, date, figure.days is not None, told(figure.days)),
    ):
        scores.add(kind, Tally(int(right), int(said is not None), int(right), int(gold)))
        if (gold or said is not None) and not right:
            how = "missed" if said is None else "confused" if gold else "false"
            scores.slips.append(_slip(text, kind, how, mark, want, told(said.meaning) if said else ""))
    return scores
