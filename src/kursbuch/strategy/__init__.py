"""The normative side: elements, editions, amendments."""
