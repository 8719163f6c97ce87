"""Pure functions and frozen dataclasses: no Django, no I/O, no clock."""
