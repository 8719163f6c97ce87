"""The app in the command line."""
