"""A strategy as a file: what goes in and comes out, one module a format. No database here."""
