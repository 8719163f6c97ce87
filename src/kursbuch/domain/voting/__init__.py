"""Participatory budgets: ballots, rules, exact tallies with certificates and explanations."""
