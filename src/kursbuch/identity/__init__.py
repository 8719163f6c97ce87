"""Accounts, roles, sign-in and everyone's own data."""
