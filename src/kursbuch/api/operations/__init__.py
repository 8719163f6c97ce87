"""What can be asked: one module for each kind of thing, each with a router."""
