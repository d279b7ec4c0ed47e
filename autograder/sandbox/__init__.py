"""Runs functions that strangers wrote, in processes that can do nothing but compute. Knows nothing of checks."""
