"""New courses and assignments, which certify and grade at once, for an author to change."""
