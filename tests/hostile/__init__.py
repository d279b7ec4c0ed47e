"""Attacks on the grader, as real submissions, and the proof that none of them changes a mark, sees a secret or stays."""
