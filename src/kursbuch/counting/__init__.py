"""Brings files of ballots and stances to the domain's engines, on one machine or many, and prints what they say."""

from kursbuch.counting.compiled import find_place

find_place()
