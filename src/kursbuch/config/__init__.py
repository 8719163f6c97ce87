"""Settings, root addresses and the entry points of the server and the command line."""
