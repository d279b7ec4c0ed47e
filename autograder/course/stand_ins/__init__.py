"""Answers that are handed in to prove a course: the reference with one function in the place of another."""
