"""The tenant: host names, look, languages, offices."""
