"""Pabulib files made by Hypothesis, with everything that may stand in them."""

from __future__ import annotations

from hypothesis import strategies as st

KINDS = ("approval", "cumulative", "scoring", "ordinal", "choose-1")

_TEXT = st.text(st.sampled_from("aß Z;\"'7,\n"), max_size=6).map(lambda text: text.strip(" \t\r\n"))
_IDS = st.one_of(
    st.integers(0, 99).map(str),
    st.text(st.sampled_from('aBß" ;7-'), min_size=1, max_size=12).map(lambda text: text.strip()).filter(bool),
    st.integers(10**9, 10**9 + 20).map(str),
)


def amounts(least: int) -> st.SearchStrategy[str]:
    return st.tuples(st.integers(least, 9999).map(str), st.sampled_from(("", ".5", ".25", ".00", ",10"))).map("".join)


@st.composite
def files(draw: st.DrawFn, kind: str | None = None) -> bytes:
    """A well-formed file: quoted or not, with and without blanks, line ends of both kinds, columns in any order."""
    kind = kind or draw(st.sampled_from(KINDS))
    newline = draw(st.sampled_from(("\n", "\r\n")))
    blank = st.sampled_from(("", "", " ", "\t"))
    ids = draw(st.lists(_IDS, min_size=1, max_size=6, unique=True))
    with_districts = draw(st.booleans())

    def field(text: str, force: bool = False) -> str:
        if force or any(mark in text for mark in ';"\n') or draw(st.integers(0, 9)) == 0:
            return '"' + draw(blank) + text.replace('"', '""') + draw(blank) + '"'
        return draw(blank) + text + draw(blank)

    def rows(columns: list[str], table: list[dict[str, str]]) -> list[str]:
        order = draw(st.permutations(columns))
        lines = [";".join(order)]
        for row in table:
            lines += [""] * (draw(st.integers(0, 9)) == 0)
            lines.append(";".join(field(row[column]) for column in order))
        return lines

    projects = [
        {
            "project_id": each,
            "cost": draw(amounts(1)),
            "name": draw(_TEXT),
            "category": draw(st.sampled_from(("", "none", "green", "green, sport"))),
            "district": draw(st.sampled_from(("", "North", "East"))) if with_districts else "",
        }
        for each in ids
    ]
    votes = []
    for number in range(draw(st.integers(0, 8))):
        named = draw(st.lists(st.sampled_from(ids), unique=True, max_size=1 if kind == "choose-1" else None))
        votes.append(
            {
                "voter_id": str(number),
                "vote": ("," + draw(blank)).join(named),
                "points": ",".join(draw(st.sampled_from(("0", "1", "2", "2.5", "-1", "10.00"))) for _ in named),
                "weight": str(draw(st.integers(1, 3))),
                "district": draw(st.sampled_from(("", "North", 'So"uth'))),
                "age": draw(_TEXT),
            }
        )
    columns = ["voter_id", "vote"]
    columns += ["points"] * (kind in ("cumulative", "scoring"))
    columns += draw(st.lists(st.sampled_from(("weight", "district", "age")), unique=True))
    meta = {"vote_type": kind, "budget": draw(amounts(0)), "description": draw(_TEXT), "made_by": draw(_TEXT)}
    lines = ["META", "key;value", *(f"{field(key)};{field(value)}" for key, value in meta.items())]
    lines += ["PROJECTS", *rows(["project_id", "cost", "name", "category", "district"], projects)]
    lines += ["VOTES", *rows(columns, votes)]
    text = newline.join(lines) + newline * draw(st.integers(0, 2))
    return draw(st.sampled_from(("", "\ufeff"))).encode() + text.encode()
