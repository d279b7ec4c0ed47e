"""Mutants that are changes of a solution: of an expression, or of a statement."""
