"""Django plumbing that knows nothing of cities: search, mail, tasks, limits."""
