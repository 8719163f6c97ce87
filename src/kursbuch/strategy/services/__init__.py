"""Use cases: one verb each, atomic, chronicled."""
