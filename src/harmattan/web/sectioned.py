"""Sections of the case as of a date: the very sentences, figures, pictures and tables that the brief has.

A section is made once for a state of the lake. What takes long is made in a process beside, and the page that shows it
says so meanwhile.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from harmattan.brief.alerts import rings
from harmattan.brief.charts import source_line
from harmattan.brief.desk import Desk
from harmattan.brief.linked import linked
from harmattan.brief.moved import moved
from harmattan.brief.one_campaign import one_campaign
from harmattan.brief.outline import BOOKKEEPING, Section
from harmattan.brief.sections import SECTIONS
from harmattan.case import AskedEffect, Case
from harmattan.errors import HarmattanError
from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import COUNTED, DESIGNS, Params
from harmattan.questions.parsing import one_of
from harmattan.questions.registry import question
from harmattan.questions.said import of_family
from harmattan.text import T, Text, Verbatim, msg
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.web.asking import Asking, Standing, inquiry_beside
from harmattan.web.jobs import Job, Jobs

PARTS: dict[str, Callable[[Desk], Section | None]] = {
    **SECTIONS,
    "alerts-now": rings,
    "linked": linked,
    "what-changed": moved,
}
"""The sections of a brief, and those that only pages have; `campaign` is of one campaign."""
OVERVIEW = ("judgement", "alerts-now", "trend", "timeline", "revisions")
"""The sections of the overview."""
CAMPAIGN = "campaign"
SLOW = {"forecast": 5, "what-changed": 1, "spillover": 5, "effects": 8, "influence": 12, CAMPAIGN: 12, "alerts": 4}
"""Sections that are made beside, and about how many questions each asks: what their progress is measured by."""
MORE = ("country", "milestone", "force", "design", "measure", CAMPAIGN)
"""What a section may be asked about beside the case."""
MOST_KEPT = 160


READ: dict[str, Callable[[str], str]] = {
    "country": parse_country,
    "design": partial(one_of, known=DESIGNS, what="There is no design {words}."),
    "measure": partial(one_of, known=COUNTED, what="There is no measure {words}."),
}
"""How words beside are read."""


@dataclass(frozen=True)
class Wanted:
    """A section of the case as of a day; `more` are pairs of a name in `MORE` and a word."""

    name: str
    as_of: dt.date
    more: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, name: str, as_of: dt.date, **more: str) -> Wanted:
        """The section with what is said beside; empty words say nothing. Raises UsageError for a word unknown."""
        said = {name: READ[name](words) if name in READ else words for name, words in more.items() if words}
        return cls(name, as_of, tuple(sorted(said.items())))

    def about(self, case: Case) -> Case:
        """The case with its focus or its effects as they are said here."""
        said = dict(self.more)
        changed: dict[str, Any] = {"focus": said["country"]} if "country" in said else {}
        if "milestone" in said or "force" in said:
            asked: dict[str, Any] = {name: said[name] for name in ("milestone", "design", "measure") if name in said}
            asked |= {name: (said[name],) for name in ("force", "country") if name in said}
            changed["effects"] = (AskedEffect(**asked),)
        return case.model_copy(update=changed)

    def query(self, **also: str) -> str:
        """The same in an address."""
        return urlencode({"as_of": self.as_of.isoformat()} | dict(self.more) | also)


@dataclass(frozen=True)
class Made:
    """A section that is there, with the answers that it rests on."""

    wanted: Wanted
    section: Section
    answers: tuple[Answer, ...]
    language: str
    state: str
    kind: str = "made"

    @cached_property
    def releases(self) -> list[ReleaseRef]:
        """The releases that it rests on, by name."""
        resting = [answer for answer in self.answers if answer.question not in BOOKKEEPING]
        found = {ref.name: ref for answer in resting for ref in answer.releases}
        return [found[name] for name in sorted(found)]

    @property
    def emerging(self) -> list[str]:
        """Its questions whose method has no published reference yet."""
        return sorted({answer.question for answer in self.answers if question(answer.question).emerging})

    @property
    def source(self) -> Text | None:
        """Who gave the data, in a line."""
        return source_line(self.releases) if self.releases else None

    @property
    def caveats(self) -> list[Text]:
        """What its answers ask to be kept in mind, each once."""
        speaker = Speaker(self.language)
        return list({speaker.say(text): text for answer in self.answers for text in answer.caveats}.values())

    def picture(self, n: int, kind: str) -> str:
        """The address of its nth picture, counted from one, as svg, png or json."""
        return f"/picture/{self.wanted.name}/{n}.{kind}?{self.wanted.query(lang=self.language, lake=self.state)}"

    def answer(self, question: str) -> Answer | None:
        """The first of its answers to a question."""
        return next((answer for answer in self.answers if answer.question == question), None)


@dataclass(frozen=True)
class Coming:
    """A section that is still being made."""

    wanted: Wanted
    job: Job
    kind: str = "coming"


@dataclass(frozen=True)
class Refused:
    """A section that could not be made, and why; or one that there is nothing for (`fault` None)."""

    wanted: Wanted
    fault: HarmattanError | None
    for_good: bool = True
    """Whether asking again would come to the same."""
    kind: str = "refused"


Part = Made | Coming | Refused
Asked = tuple[Case, Wanted, str]
"""The case, the section and the language."""


class Sections:
    """Makes sections and keeps them."""

    def __init__(self, case: Case, asking: Asking, jobs: Jobs, patience: float) -> None:
        self.case, self.asking, self.jobs, self.patience = case, asking, jobs, patience
        self._kept: OrderedDict[str, Made | Refused] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, wanted: Wanted, language: str, by: str = "", goes_to: str = "") -> Part:
        """One section."""
        return self.several([wanted], language, by, goes_to)[0]

    def several(self, wanted: Sequence[Wanted], language: str, by: str = "", goes_to: str = "") -> list[Part]:
        """Several sections; a page waits for all of them together no longer than for one answer."""
        until = time.monotonic() + self.patience
        started = [self._started(one, language, by, goes_to) for one in wanted]
        return [self._awaited(one, language, start, until) for one, start in zip(wanted, started, strict=True)]

    def _started(self, wanted: Wanted, language: str, by: str, goes_to: str) -> tuple[Job, Standing] | Made | Refused:
        standing = self.asking.standing()
        key = _key(standing.state, wanted, language)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                there = self._kept[key]
                if isinstance(there, Refused) and not there.for_good:
                    del self._kept[key]
                return there
        if (nothing := self._nothing(standing, wanted)) is not None:
            return nothing
        case, what = wanted.about(self.case), T("Section {name}", name=Verbatim(wanted.name))
        if wanted.name in SLOW:
            beside = (self.asking.lake, self.asking.dossiers, standing.state, (case, wanted, language))
            job = self.jobs.start(key, what, goes_to, make_beside, *beside, slow=True, by=by)
        else:
            work = partial(make, way=self.jobs.queue.make_way)
            job = self.jobs.start(key, what, goes_to, standing.still, work, standing.inquiry, case, wanted, language,
                                  long=True, by=by)  # fmt: skip
        job.future.add_done_callback(
            lambda future: None if future.cancelled() else self._came(wanted, language, standing, future)
        )
        return job, standing

    def _nothing(self, standing: Standing, wanted: Wanted) -> Refused | None:
        """Where nothing has to be asked to know that there is nothing: no posts, or a day before the case begins."""
        if wanted.name in (CAMPAIGN, "influence") and not standing.inquiry.has("posts", Params(as_of=wanted.as_of)):
            return Refused(wanted, None)
        if wanted.as_of < self.case.since and wanted.name not in UNDATED:
            said = T(BEFORE, as_of=wanted.as_of, since=self.case.since)
            return Refused(wanted, HarmattanError(said, do=T("Choose a later day.")))
        return None

    def start(self, wanted: Sequence[Wanted], language: str) -> None:
        """Has sections made, so that they are there when somebody asks for them; waits for none."""
        for one in wanted:
            self._started(one, language, "", "/")

    def _awaited(
        self, wanted: Wanted, language: str, start: tuple[Job, Standing] | Made | Refused, until: float
    ) -> Part:
        if not isinstance(start, tuple):
            return start
        job, standing = start
        wait([job.future], max(0.01, until - time.monotonic()))
        return self._came(wanted, language, standing, job.future) if job.done else Coming(wanted, job)

    def _came(self, wanted: Wanted, language: str, standing: Standing, future: Future[Any]) -> Made | Refused:
        """What came of a job, kept: by whoever sees first that it is done, the job itself or somebody who waits."""
        key = _key(standing.state, wanted, language)
        read = self._read(wanted, language, standing, future)
        with self._lock:
            there = self._kept.setdefault(key, read)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        if there is read and isinstance(read, Made):
            self.asking.keep(read.answers, standing.state)
        self.jobs.drop(key)
        return there

    def _read(self, wanted: Wanted, language: str, standing: Standing, future: Future[Any]) -> Made | Refused:
        fault = future.exception()
        if fault is None:
            section, answers = future.result()
            if section is None:
                return Refused(wanted, None)
            return Made(wanted, section, answers, language, standing.state)
        known = isinstance(fault, HarmattanError)
        told = fault if isinstance(fault, HarmattanError) else HarmattanError(FAILED, do=T("Open the page again."))
        return Refused(wanted, told, for_good=known)


UNDATED = ("linked", "track-record", "influence", CAMPAIGN)
"""Sections that may be asked for as of days before the case begins."""
BEFORE = msg("Not covered: this case begins on {since}, and {as_of} lies before it.")
FAILED = T("The work failed for a reason that it could not name.")


def _key(state: str, wanted: Wanted, language: str) -> str:
    return f"section {state} {language} {wanted}"


def make(
    inquiry: Inquiry, case: Case, wanted: Wanted, language: str, *, way: Callable[[], None] = lambda: None
) -> tuple[Section | None, tuple[Answer, ...]]:
    """A section and the answers it asked for; `way` lets others pass. Raises HarmattanError as its questions do."""
    params = of_family(Params(as_of=wanted.as_of), case)
    return drawn(Polite(inquiry, case, params, Speaker(language), way=way), wanted)


def drawn(desk: Desk, wanted: Wanted) -> tuple[Section | None, tuple[Answer, ...]]:
    """The section of a desk."""
    if wanted.name == CAMPAIGN:
        section: Section | None = one_campaign(desk, dict(wanted.more)[CAMPAIGN])
    else:
        section = PARTS[wanted.name](desk)
    heard = set(desk.heard())
    answers = tuple(answer for answer in desk.answers if answer.id in heard)
    return (None if section is None else replace(section, answers=tuple(sorted(heard)))), answers


@dataclass
class Polite(Desk):
    """A desk that lets those pass who wait, before each question."""

    way: Callable[[], None] = lambda: None

    def ask(self, question: str, **params: Any) -> Answer:
        """The answer."""
        self.way()
        return super().ask(question, **params)


@dataclass
class Telling(Desk):
    """A desk that says after each question how many have been answered."""

    step: Callable[[int, int], None] = lambda _done, _total: None
    total: int = 1
    done: int = 0

    def ask(self, question: str, **params: Any) -> Answer:
        """The answer."""
        self.step(min(self.done, self.total - 1), self.total)
        answer = super().ask(question, **params)
        self.done += 1
        return answer


def make_beside(
    step: Callable[[int, int], None], lake: Lake, dossiers: Sequence[str], state: str, asked: Asked
) -> tuple[Section | None, tuple[Answer, ...]]:
    """The same in another process, which keeps what it has asked."""
    case, wanted, language = asked
    params = of_family(Params(as_of=wanted.as_of), case)
    inquiry = inquiry_beside(lake, dossiers, state)
    desk = Telling(inquiry, case, params, Speaker(language), step=step, total=SLOW[wanted.name])
    return drawn(desk, wanted)
