"""Opinion maps: stances on statements, the landscape they form, and what connects or divides its groups."""
