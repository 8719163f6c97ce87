"""The chronicle's pages."""
