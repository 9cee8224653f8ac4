"""The brief as a Word document: the same outline as the page; numbers lead to the list of evidence at the end."""

from __future__ import annotations

from harmattan import __version__
from harmattan.brief.appendix import Entry
from harmattan.brief.outline import Brief, Picture, Section
from harmattan.brief.pdf import WORDS
from harmattan.brief.picture_files import picture_file
from harmattan.brief.word_parts import Paper, code, marked
from harmattan.export.sheet import attributions
from harmattan.text.speaker import Speaker

SCALE = 3
"""Pixels for each of a picture's own: about 300 to the inch where it is as wide as the text."""


def render_docx(brief: Brief, appendix: list[Entry], speaker: Speaker) -> bytes:
    """The document. Its dates are the day as of which the brief speaks: the same inputs, the same bytes."""
    words = Speaker(speaker.language, mark=lambda number, said: marked(number.evidence or "", said))
    paper = Paper(speaker.language)
    subtitle = speaker.say(brief.subtitle)
    paper.told(brief.title, subtitle, speaker.language, brief.as_of)
    paper.footer(f"{brief.title} · {subtitle}")
    paper.heading(brief.title, 0)
    paper.say(subtitle, "Subtitle")
    if brief.hindsight:
        paper.say(speaker.words(WORDS["hindsight"]), "Hindsight")
    paper.say(speaker.words(WORDS["opens"]), "Note")
    for section in brief.sections:
        _section(paper, section, words)
    _closing(paper, brief, appendix, speaker)
    return paper.packed()


def _section(paper: Paper, section: Section, words: Speaker) -> None:
    paper.heading(words.say(section.title), 1)
    if section.figures:
        paper.cards([
            (
                words.say(figure.value),
                f"{words.say(figure.low)} – {words.say(figure.high)}" if figure.low and figure.high else "",
                words.say(figure.label),
            )
            for figure in section.figures
        ])  # fmt: skip
    for text in section.lead:
        paper.say(words.say(text))
    if section.picture:
        _pictured(paper, section.picture, words)
    if section.table and section.table.rows:
        table = section.table
        rows = [[words.say(cell) for cell in row] for row in table.rows]
        paper.table([words.say(head) for head in table.header], rows, table.numeric)
    for picture in section.more:
        _pictured(paper, picture, words)
    for text in section.notes:
        paper.say(words.say(text), "Note")


def _pictured(paper: Paper, picture: Picture, words: Speaker) -> None:
    """A picture with its caption below."""
    png = picture_file(picture.spec, words.language, "png", SCALE)
    paper.picture(png, Speaker(words.language).say(picture.caption))
    paper.say(words.say(picture.caption), "Note")


def _closing(paper: Paper, brief: Brief, appendix: list[Entry], speaker: Speaker) -> None:
    """What to keep in mind, the sources with their licences, the evidence, and the command that made it."""
    paper.heading(speaker.words(WORDS["caveats"]), 1)
    for title, caveats in brief.caveats_by_section:
        if title is not None:
            paper.heading(speaker.say(title), 2)
        for caveat in caveats:
            paper.say(speaker.say(caveat), "List Bullet")
    paper.heading(speaker.words(WORDS["sources"]), 1)
    for line in attributions(brief.releases, speaker):
        paper.say(line, "List Bullet")
    paper.heading(speaker.words(WORDS["evidence"]), 1)
    code(paper.say(speaker.words(WORDS["evidence_note"]) + " ", "Note"), "harmattan evidence ID")
    for entry in appendix:
        paper.entry(entry.id, speaker.say(entry.words))
    code(paper.say(f"{speaker.words(WORDS['made'])} {__version__}: ", "Note"), brief.command)
