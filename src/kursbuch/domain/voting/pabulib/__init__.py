"""The file format of pabulib.org: reading elections, writing them, and carrying along what it does not know."""

from kursbuch.domain.voting.pabulib.file import PabulibFile
from kursbuch.domain.voting.pabulib.reading import parse, parse_projects
from kursbuch.domain.voting.pabulib.records import PabulibError
from kursbuch.domain.voting.pabulib.writing import file_of, write

__all__ = ["PabulibError", "PabulibFile", "file_of", "parse", "parse_projects", "write"]
