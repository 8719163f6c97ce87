"""What a picture says in words; English unless those of another language are given."""

from __future__ import annotations

from dataclasses import dataclass

from kursbuch.domain.opinion.stability import Doubt


@dataclass(frozen=True, slots=True)
class Words:
    """Texts with places for numbers and names in braces."""

    group: str = "Group {letter}"
    people: str = "{people} people ({share} %)"
    marks: str = "{colour} {shapes}"
    colours: tuple[str, ...] = ("blue", "orange", "green", "purple", "red", "ochre")
    shapes: tuple[str, ...] = ("circles", "squares", "triangles", "diamonds", "crosses")
    thousands: str = ","
    agree: str = "agree:"
    disagree: str = "disagree:"
    nothing: str = "says nothing for certain that others do not say"
    shares: str = "agree: {shares}"
    most: str = "What most people hold, whatever else they think"
    connects: str = "What connects all groups"
    divides: str = "What divides them most"
    shown: str = "The map shows {shown} of {all} people, those with enough stances. A larger mark is several people."
    near: str = "Who stands near each other took similar stances. No vote, and not representative of a city."
    few_people: str = "Not enough people yet: groups are only spoken of from {least} people on."
    one_group: str = "No groups: no two would be large enough."
    no_direction: str = "Not enough people yet: they differ no more than chance would have it."
    unstable: str = "Not enough people yet: with a few other people the groups would be others."

    def number(self, number: int) -> str:
        """A number as it is written."""
        return f"{number:,}".replace(",", self.thousands)

    def doubt(self, doubt: Doubt, least: int) -> str:
        """Why there are no groups."""
        said = {
            Doubt.FEW_PEOPLE: self.few_people,
            Doubt.ONE_GROUP: self.one_group,
            Doubt.NO_DIRECTION: self.no_direction,
            Doubt.UNSTABLE: self.unstable,
        }
        return said[doubt].format(least=least)
