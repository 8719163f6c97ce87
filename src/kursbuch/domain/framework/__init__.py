"""The framework for action as data: elements, editions, changes, and what can be computed from them."""
