"""Worked notebooks, for after the deadline: the lessons with their solutions, run, as students open them."""
