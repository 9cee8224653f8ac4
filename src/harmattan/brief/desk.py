"""What the sections of a brief work with: whom to ask, about what, as of when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from harmattan.brief.charts import source_line
from harmattan.brief.standing_charts import StandingCharts
from harmattan.case import Case
from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.questions.registry import question as asked_of
from harmattan.text import T, Text, Verbatim
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.event_types import BATTLES, REMOTE


@dataclass
class Desk:
    """What the sections work with: whom to ask, about what, as of when; answers are collected as they come."""

    inquiry: Inquiry
    case: Case
    common: Params
    """As-of and known-by dates and pinned releases, the same for every question of the brief."""
    speaker: Speaker
    answers: list[Answer] = field(default_factory=list)
    _heard: list[str] = field(default_factory=list)

    def ask(self, question: str, **params: Any) -> Answer:
        """The answer, kept for the appendix; the same question is asked once."""
        said = replace(self.common, **params)
        if "source" not in asked_of(question).accepts:
            said = replace(said, source=None)
        answer = self.inquiry.ask(question, said)
        if answer not in self.answers:
            self.answers.append(answer)
        self._heard.append(answer.id)
        return answer

    def refused(self, fault: UsageError) -> Text:
        """Why something asked was not answered, without what to do about it: its numbers are limits, no findings."""
        return T("{words}", words=Verbatim(self.speaker.say(fault.what)))

    def heard(self) -> tuple[str, ...]:
        """The ids of the answers that were asked for since this was last called."""
        heard, self._heard = tuple(dict.fromkeys(self._heard)), []
        return heard

    @property
    def typed(self) -> bool:
        """Whether the events have ACLED's types instead of UCDP's kinds of violence."""
        return bool(self.inquiry.world.typed(self.common))

    @property
    def fighting(self) -> dict[str, tuple[str, ...]]:
        """What narrows a question to fighting between armed sides."""
        return {"event_type": (BATTLES, REMOTE)} if self.typed else {"kind": ("state_based", "non_state")}

    def charts(self, *answers: Answer) -> StandingCharts:
        """The drawing of pictures from answers, with their sources printed on them."""
        refs = {ref.name: ref for answer in answers for ref in answer.releases}
        return StandingCharts(self.speaker, self.speaker.say(source_line(list(refs.values()))))

    def windows(self, country: tuple[str, ...], **params: Any) -> Answer:
        """The windows of some countries, those that ended since the case began."""
        return self.ask("records", country=country, since=self.case.since, window=self.case.window_months, **params)

    def last_window(self) -> dict[str, Any] | None:
        """First and last day of the focus country's last window, or None where it is not covered."""
        answer = self.windows((self.case.focus,))
        if not answer.rows:
            return None
        row = answer.rows[0]
        return {"start": dt.date.fromisoformat(row["window_start"]), "end": dt.date.fromisoformat(row["window_end"])}
