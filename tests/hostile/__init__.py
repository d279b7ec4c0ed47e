"""Attacks on the grader, as real submissions, and the proof that none changes a mark, sees a secret or stays."""
