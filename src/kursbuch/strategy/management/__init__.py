"""Commands of the strategy."""
