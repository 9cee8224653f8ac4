"""One campaign as a section of its own: its accounts by pseudonym, when they act, what they push, what follows."""

from __future__ import annotations

from harmattan.brief.desk import Desk
from harmattan.brief.influence import COLUMNS_OF_ONE, OF_WORDS, TOGETHER, asked_of, opening, pictures
from harmattan.brief.outline import Section, TableView, or_dash
from harmattan.questions.answer import Answer
from harmattan.text import T, Verbatim

MOST_ACCOUNTS = 60
"""Accounts in the table, those with most joint posts first; the question has all."""


def one_campaign(desk: Desk, campaign: str) -> Section:
    """Everything about one campaign. Raises UsageError for one that is not listed."""
    title = T("The group {campaign}", campaign=Verbatim(campaign))
    accounts = desk.ask("campaign", campaign=(campaign,), by=("account",))
    whole = desk.ask("campaigns")
    if not whole.rows:
        return Section("campaign", title, (opening(whole),), notes=(TOGETHER,))
    told = asked_of(desk, whole, (campaign,))
    drawn = pictures(desk, told)
    lead = [opening(accounts), opening(told.push), opening(told.stances)]
    lead += [opening(desk.ask("posts-and-events", campaign=(campaign,), country=(desk.case.focus,)))]
    return Section("campaign", title, tuple(lead), picture=drawn[0],
                   table=_table(accounts), more=tuple(one for one in drawn[1:] if one is not None),
                   notes=(COLUMNS_OF_ONE, TOGETHER, OF_WORDS))  # fmt: skip


def _table(found: Answer) -> TableView | None:
    rows = tuple(
        (
            Verbatim(str(row["account"])),
            Verbatim(str(row["platforms"] or "–")),
            *(or_dash(found, n, name) for name in ("posts", "joint_posts")),
            or_dash(found, n, "membership", 2),
        )
        for n, row in list(enumerate(found.rows))[:MOST_ACCOUNTS]
    )
    header = (T("account"), T("platforms"), T("posts"), T("joint posts"), T("membership"))
    return TableView(header, rows, (False, False, True, True, True)) if rows else None
