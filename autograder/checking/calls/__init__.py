"""Calls of a student's functions and objects, as checks make them."""
