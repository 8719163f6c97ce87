"""The CSV files that Polis exports and imports: votes, comments, participants' votes, summary; bytes in, bytes out.

The files were compared with each other in real exports: in all of them 1 is agree, and ``agrees`` and ``disagrees`` of
comments.csv count rows of votes.csv, votes that were changed later included. Polis itself stores agree as -1.
"""

from kursbuch.domain.opinion.polis_csv.comments import (
    Statement,
    Verdict,
    counted,
    moderated_out,
    read_statements,
    sign_of,
    write_statements,
)
from kursbuch.domain.opinion.polis_csv.error import PolisCsvError
from kursbuch.domain.opinion.polis_csv.export import exported
from kursbuch.domain.opinion.polis_csv.participants import Participants, read_participants, write_participants
from kursbuch.domain.opinion.polis_csv.summary import Summary, read_summary, write_summary
from kursbuch.domain.opinion.polis_csv.votes import Sign, Votes, read_votes, write_votes

__all__ = [
    "Participants",
    "PolisCsvError",
    "Sign",
    "Statement",
    "Summary",
    "Verdict",
    "Votes",
    "counted",
    "exported",
    "moderated_out",
    "read_participants",
    "read_statements",
    "read_summary",
    "read_votes",
    "sign_of",
    "write_participants",
    "write_statements",
    "write_summary",
    "write_votes",
]
