"""Mutants: the reference with one small change, made for any course and graded, to find checks that do not see it."""
