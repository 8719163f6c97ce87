"""Commands for operators: worker, backup, restore, serve."""
