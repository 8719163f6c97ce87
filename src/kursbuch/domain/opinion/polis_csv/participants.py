"""participants-votes.csv of Polis: a row per person with the last stance on each statement, and the person's group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion.polis_csv.error import excerpt
from kursbuch.domain.opinion.polis_csv.tables import Row, columns_of, rows
from kursbuch.domain.opinion.stances import MOST_STATEMENTS, Stance, Stances

HEADER = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
NONE = 2  # stands for a field without a stance
CODES = {"": NONE, "1": 1, "0": 0, "-1": 255}


@dataclass(frozen=True, slots=True, eq=False)
class Participants:
    """People with their stances, their group in the conversation (-1: in none) and how many statements they wrote."""

    stances: Stances
    groups: NDArray[np.int32]  # (people,)
    wrote: NDArray[np.int64]  # (people,)


def read_participants(data: bytes) -> Participants:
    """People and statements ascending by their ids. Raises :class:`PolisCsvError` for a malformed file.

    Columns named by a number are statements; the counts of votes follow from the stances and are not read.
    """
    records = rows(data)
    header = next(records, None)
    columns = columns_of(header, ("participant",))
    statements = {int(name): column for name, column in columns.items() if name.isascii() and name.isdecimal()}
    ids = sorted(statements)
    if header is not None and len(ids) > MOST_STATEMENTS:
        raise header.error(len(header.fields) - 1, f"{len(ids)} statements are more than {MOST_STATEMENTS}")
    order = [statements[each] for each in ids]
    people: dict[int, tuple[int, int, NDArray[np.uint16], NDArray[np.int8]]] = {}
    for row in records:
        person = row.number(columns["participant"], least=0)
        if person in people:
            raise row.error(columns["participant"], f"participant {person} is there already")
        values = _stances(row, order)
        said = np.flatnonzero(values != NONE).astype(np.uint16)
        people[person] = (_group(row, columns), _wrote(row, columns), said, values[said])
    return _sorted(people, np.array(ids, dtype=np.int64))


def write_participants(participants: Participants) -> bytes:
    """The file as Polis exports it: 1 is agree; an empty field is no stance."""
    stances = participants.stances
    names = {int(stance): str(int(stance)) for stance in Stance}
    lines = [",".join([*HEADER, *map(str, stances.statement_ids.tolist())])]
    for person, name in enumerate(stances.people.tolist()):
        mine = slice(stances.starts[person], stances.starts[person + 1])
        said, values = stances.statements[mine].tolist(), stances.values[mine].tolist()
        fields = [""] * len(stances.statement_ids)
        for statement, value in zip(said, values, strict=True):
            fields[statement] = names[value]
        group, wrote = int(participants.groups[person]), int(participants.wrote[person])
        counts = (len(values), values.count(Stance.AGREE), values.count(Stance.DISAGREE))
        lines.append(",".join([str(name), "" if group < 0 else str(group), str(wrote), *map(str, counts), *fields]))
    return ("\n".join(lines) + "\n").encode()


def _stances(row: Row, order: list[int]) -> NDArray[np.int8]:
    try:
        return np.frombuffer(bytes([CODES[row.fields[column]] for column in order]), dtype=np.int8)
    except KeyError:
        column = next(column for column in order if row.fields[column] not in CODES)
        raise row.error(column, f"{excerpt(row.fields[column])} is none of 1, 0, -1 and nothing") from None


def _group(row: Row, columns: dict[str, int]) -> int:
    column = columns.get("group-id")
    return -1 if column is None or row.fields[column] == "" else row.number(column, least=0, most=2**31 - 1)


def _wrote(row: Row, columns: dict[str, int]) -> int:
    column = columns.get("n-comments")
    return 0 if column is None else row.number(column, least=0)


def _sorted(
    people: dict[int, tuple[int, int, NDArray[np.uint16], NDArray[np.int8]]], statement_ids: NDArray[np.int64]
) -> Participants:
    ids = sorted(people)
    found = [people[person] for person in ids]
    starts = np.zeros(len(ids) + 1, dtype=np.int64)
    np.cumsum([len(said) for _, _, said, _ in found], out=starts[1:])
    stances = Stances(
        people=np.array(ids, dtype=np.int64),
        statement_ids=statement_ids,
        starts=starts,
        statements=np.concatenate([np.empty(0, np.uint16), *(said for _, _, said, _ in found)]),
        values=np.concatenate([np.empty(0, np.int8), *(values for _, _, _, values in found)]),
    )
    groups = np.array([group for group, _, _, _ in found], dtype=np.int32)
    return Participants(stances, groups, np.array([wrote for _, wrote, _, _ in found], dtype=np.int64))
