"""The demonstration: Gelsenkirchen's strategy, rebuilt from public reports, and a story of what becomes of it.

The story is played through the real services under its own clock, so everything it leaves behind is what the same
steps by real people would have left.
"""
