"""A landscape as plain text, as wide as the terminal: what each group holds, what connects, what divides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from kursbuch.counting.terminal import bar, can_show, columns, wants_colour, width_of
from kursbuch.domain.opinion.landscape import Group, Overview
from kursbuch.domain.opinion.picture import Words, letter
from kursbuch.domain.opinion.picture.lettering import pieces, printable
from kursbuch.domain.opinion.stability import Demands, Kept, Stability
from kursbuch.domain.opinion.stances import Stance

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
MANY = 5  # statements that connect, and that divide
BAR = 20
WORDS = {Stance.AGREE: "agree", Stance.PASS: "pass", Stance.DISAGREE: "disagree"}


class _Page:
    """Lines no wider than the place they go to."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.width, self.colour = stream, width_of(stream), wants_colour(stream)
        self.blocks = can_show(stream, "█▏")

    def line(self, text: str = "", indent: str = "", hanging: str = "", *, bold: bool = False) -> None:
        """A paragraph; its first line begins with ``indent``, the others with ``hanging`` (or as much space)."""
        hanging = hanging or " " * columns(indent)
        line = ""
        for piece in pieces(printable(text)) if text else []:
            if line and columns(indent + line + piece.rstrip()) > self.width:
                self._put(indent + line, bold)
                indent, line = hanging, piece.lstrip()
            else:
                line += piece
        self._put(indent + line, bold)

    def _put(self, text: str, bold: bool) -> None:
        encoding = self.stream.encoding or "utf-8"
        text = text.rstrip().encode(encoding, "replace").decode(encoding)
        self.stream.write(f"{BOLD}{text}{PLAIN}\n" if bold and self.colour else f"{text}\n")


def write_opinion(
    stream: TextIO, overview: Overview, stability: Stability, texts: Mapping[int, str], *, title: str
) -> None:
    """The landscape in words and bars; of groups only if they are claimed."""
    page = _Page(stream)
    page.line(title, bold=True)
    _write_head(page, overview, stability)
    if stability.claimed:
        for group, kept in zip(overview.groups, stability.groups, strict=True):
            _write_group(page, group, kept, overview, texts)
        _write_bridges(page, overview, texts)
        _write_divides(page, overview, texts)
    else:
        _write_consensus(page, overview, texts)


def _write_head(page: _Page, overview: Overview, stability: Stability) -> None:
    shown, left_out = sum(group.size for group in overview.groups), int(overview.frame.left_out.sum())
    statements = f"{len(overview.statement_ids):,} statements" + (f" ({left_out} moderated out)" if left_out else "")
    page.line(
        f"{overview.partial.sums.people:,} people took {int(overview.counts.sum()):,} stances on {statements}; the map"
        f" shows the {shown:,} with at least {overview.frame.least} stances."
    )
    if stability.claimed:
        page.line(
            f"{len(overview.groups)} groups. With people drawn anew they come back: agreement"
            f" {stability.agreement:.2f} of 1 where {Demands().agreement} is asked for."
        )
    elif stability.doubt is not None:
        page.line(Words().doubt(stability.doubt, Demands().people), bold=True)


def _write_group(page: _Page, group: Group, kept: Kept, overview: Overview, texts: Mapping[int, str]) -> None:
    everybody = sum(each.size for each in overview.groups)
    share = group.size / everybody
    page.line()
    drawn = bar(share, BAR, blocks=page.blocks)
    page.line(f"{group.size:,} people ({round(100 * share)} %)", f"Group {letter(group.number)}  {drawn}  ", bold=True)
    certain = {(each.statement, each.stance) for each in kept.says if each.certain}
    for each in group.says:
        if (each.statement, each.stance) in certain:
            percent = round(100 * each.successes / max(1, each.trials))
            page.line(_text(texts, overview, each.statement), f"  {WORDS[each.stance]:>8} {percent:>3} %  ")
    if not certain:
        page.line("says nothing for certain that others do not say", "  ")


def _write_bridges(page: _Page, overview: Overview, texts: Mapping[int, str]) -> None:
    found = overview.bridges(MANY)
    if not found:
        return
    page.line()
    page.line("What connects all groups (the share in the group with the smallest)", bold=True)
    for each in found:
        page.line(_text(texts, overview, each.statement), f"  {WORDS[each.stance]:>8} {round(100 * each.least):>3} %  ")


def _write_divides(page: _Page, overview: Overview, texts: Mapping[int, str]) -> None:
    found = overview.divides(MANY)
    if not found:
        return
    page.line()
    page.line("What divides them most (the share that agrees)", bold=True)
    for each in found:
        page.line(_text(texts, overview, each.statement), "  ")
        for group in overview.groups:
            votes = group.votes[each.statement]
            if votes.sum():
                share = votes[2] / votes.sum()
                drawn = bar(float(share), BAR, blocks=page.blocks)
                page.line("", f"    {letter(group.number)}  {drawn} {round(100 * share):>3} %")


def _write_consensus(page: _Page, overview: Overview, texts: Mapping[int, str]) -> None:
    found = [*overview.consensus(Stance.AGREE, MANY), *overview.consensus(Stance.DISAGREE, MANY)]
    if not found:
        return
    page.line()
    page.line("What most people hold", bold=True)
    for each in found:
        percent = round(100 * each.successes / max(1, each.trials))
        page.line(_text(texts, overview, each.statement), f"  {WORDS[each.stance]:>8} {percent:>3} %  ")


def _text(texts: Mapping[int, str], overview: Overview, statement: int) -> str:
    number = int(overview.statement_ids[statement])
    return printable(texts.get(number, "")) or f"statement {number}"
