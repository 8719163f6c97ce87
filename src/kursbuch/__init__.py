"""Kursbuch: a city's strategy as a living framework for action."""
