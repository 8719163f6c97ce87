"""Template tags of the chronicle."""
