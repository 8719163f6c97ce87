"""The shell: base template, components, and the pages that compose several apps."""
