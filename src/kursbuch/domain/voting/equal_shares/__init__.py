"""The method of equal shares: one run, and runs at growing endowments until the money is used."""

from .contest import Contest, TooLarge
from .run import Run

__all__ = ["Contest", "Run", "TooLarge"]
