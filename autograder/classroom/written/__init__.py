"""Answers in words: what a class wrote, and the sheet in which people give points for it."""
