"""The append-only record of who did what to what, because of what; follow, notifications, feeds."""
