"""What a student handed in: which file counts, and what is in it."""
