"""/api/v1: the strategy as open data."""
