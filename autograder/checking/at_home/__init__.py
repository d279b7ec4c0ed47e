"""Visible checks on a student's own machine: what is noted of a run, and what can be told of it without a reference."""
