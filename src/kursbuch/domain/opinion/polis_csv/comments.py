"""comments.csv of Polis: the statements with their texts, and what the moderators decided about each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion.polis_csv.tables import Row, columns_of, rows, written
from kursbuch.domain.opinion.polis_csv.times import in_words
from kursbuch.domain.opinion.polis_csv.votes import Sign, Votes
from kursbuch.domain.opinion.stances import Stance

HEADER = ("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body")


class Verdict(IntEnum):
    """What moderation decided; the values are Polis's."""

    OUT = -1
    OPEN = 0  # nobody has looked at it
    IN = 1


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement people could take a stance on. ``agrees`` and ``disagrees`` count votes, repeated ones too.

    A *meta* statement is about the people themselves ("I live here"), a *seed* came from those who began the
    conversation. Files that do not name these columns have neither.
    """

    id: int
    text: str
    author: int = 0
    written: int = 0  # milliseconds since 1970, in files of some versions seconds
    agrees: int = 0
    disagrees: int = 0
    verdict: Verdict = Verdict.OPEN
    meta: bool = False
    seed: bool = False

    def is_out(self, *, strict: bool = False) -> bool:
        """Moderated out; in a *strict* conversation whatever has not been let in."""
        return self.verdict is Verdict.OUT or (strict and self.verdict is not Verdict.IN)


def read_statements(data: bytes) -> tuple[Statement, ...]:
    """The statements in the order of the file. Raises :class:`PolisCsvError` for a malformed one."""
    records = rows(data)
    columns = columns_of(next(records, None), ("comment-id", "comment-body"))
    found: dict[int, Statement] = {}
    for row in records:
        statement = _statement(row, columns)
        if statement.id in found:
            raise row.error(columns["comment-id"], f"statement {statement.id} is there already")
        found[statement.id] = statement
    return tuple(found.values())


def write_statements(statements: Iterable[Statement]) -> bytes:
    """The file as Polis exports it, with columns ``is-meta`` and ``is-seed`` where there is anything to say in them."""
    listed = list(statements)
    marks = ["is-meta"] * any(each.meta for each in listed) + ["is-seed"] * any(each.seed for each in listed)
    lines = [written([*HEADER, *marks])]
    for statement in listed:
        fields: list[object] = [
            statement.written, in_words(statement.written), statement.id, statement.author, statement.agrees,
            statement.disagrees, int(statement.verdict), statement.text,
        ]  # fmt: skip
        said = {"is-meta": int(statement.meta), "is-seed": int(statement.seed)}
        lines.append(written([*fields, *(said[mark] for mark in marks)]))
    return "".join(lines).encode()


def counted(statements: Iterable[Statement], votes: Votes) -> tuple[Statement, ...]:
    """The statements with ``agrees`` and ``disagrees`` as Polis counts them: every row, repeated votes too."""
    agrees, disagrees = (_counts(votes, stance) for stance in (Stance.AGREE, Stance.DISAGREE))
    return tuple(
        replace(each, agrees=agrees.get(each.id, 0), disagrees=disagrees.get(each.id, 0)) for each in statements
    )


def sign_of(votes: Votes, statements: Sequence[Statement]) -> Sign | None:
    """Which number means agreeing in the file that ``votes`` were read from as if 1 did; None where nothing tells.

    The counts in comments.csv decide: the reading that comes nearer to them is right, if it comes nearer clearly (it
    is off by less than half as much as the other one).
    """
    plus, minus = _counts(votes, Stance.AGREE), _counts(votes, Stance.DISAGREE)
    as_read = sum(abs(s.agrees - plus.get(s.id, 0)) + abs(s.disagrees - minus.get(s.id, 0)) for s in statements)
    turned = sum(abs(s.agrees - minus.get(s.id, 0)) + abs(s.disagrees - plus.get(s.id, 0)) for s in statements)
    if 2 * as_read < turned:
        return Sign.AGREE_IS_PLUS
    return Sign.AGREE_IS_MINUS if 2 * turned < as_read else None


def moderated_out(statements: Iterable[Statement], *, strict: bool = False) -> NDArray[np.int64]:
    """The ids of all statements that are out, ascending."""
    return np.array(sorted(each.id for each in statements if each.is_out(strict=strict)), dtype=np.int64)


def _counts(votes: Votes, stance: Stance) -> dict[int, int]:
    ids, counts = np.unique(votes.statements[votes.values == stance], return_counts=True)
    return dict(zip(ids.tolist(), counts.tolist(), strict=True))


def _statement(row: Row, columns: dict[str, int]) -> Statement:
    def number(name: str, least: int = 0, most: int = 2**63 - 1) -> int:
        return row.number(columns[name], least=least, most=most) if name in columns else 0

    return Statement(
        id=number("comment-id"),
        text=row.fields[columns["comment-body"]],
        author=number("author-id"),
        written=number("timestamp", least=-(2**63)),
        agrees=number("agrees"),
        disagrees=number("disagrees"),
        verdict=Verdict(number("moderated", -1, 1)),
        meta=_flag(row, columns, "is-meta"),
        seed=_flag(row, columns, "is-seed"),
    )


def _flag(row: Row, columns: dict[str, int], name: str) -> bool:
    column = columns.get(name)
    if column is None:
        return False
    said = {"": False, "0": False, "false": False, "f": False, "1": True, "true": True, "t": True}
    found = said.get(row.fields[column].lower())
    if found is None:
        raise row.error(column, f"{row.fields[column]!r} is neither 1 nor 0")
    return found
