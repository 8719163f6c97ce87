"""Reads Pabulib files the obvious way, by the csv module, for comparison with the fast one."""

from __future__ import annotations

import csv
import io
from collections import Counter
from decimal import Decimal
from typing import Any

BLANKS = " \t\r"
NONE = Decimal(0)

Contents = tuple[tuple[tuple[str, Decimal], ...], str]  # what a ballot names, with its points, and its district


def read_slowly(data: bytes) -> dict[str, Any]:
    """META, the projects, and how many people cast which ballot (by ids, as points are written)."""
    tables: dict[str, list[list[str]]] = {}
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    name = ""
    for fields in rows:
        row = [field.strip(BLANKS) for field in fields]
        if not any(row):
            continue
        if len(row) == 1 and row[0] in ("META", "PROJECTS", "VOTES"):
            name = row[0]
            tables[name] = []
        else:
            tables[name].append(row)
    meta = dict(tables["META"][1:])
    columns, *lines = tables["PROJECTS"]
    projects = [dict(zip(columns, line, strict=True)) for line in lines]
    columns, *lines = tables["VOTES"]
    counted: Counter[Contents] = Counter()
    places = {project["project_id"]: place for place, project in enumerate(projects)}
    in_districts = any(project.get("district") for project in projects)
    for line in lines:
        vote = dict(zip(columns, line, strict=True))
        named = contents(vote, meta["vote_type"], places)
        counted[named, vote.get("district", "") if in_districts else ""] += int(vote.get("weight", "1"))
    return {"meta": meta, "projects": projects, "votes": counted, "rows": len(lines)}


def contents(vote: dict[str, str], kind: str, places: dict[str, int]) -> tuple[tuple[str, Decimal], ...]:
    ids = [item.strip(BLANKS) for item in vote["vote"].split(",")] if vote["vote"] else []
    points = [NONE] * len(ids)
    if kind in ("cumulative", "scoring"):
        points = [Decimal(item.strip(BLANKS)) for item in vote["points"].split(",")] if vote["points"] else []
    named = list(zip(ids, points, strict=True))
    if kind != "ordinal":
        named.sort(key=lambda entry: places[entry[0]])
    return tuple(named)
