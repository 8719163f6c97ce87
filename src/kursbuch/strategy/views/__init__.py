"""The pages of the strategy, one module a group of addresses."""
