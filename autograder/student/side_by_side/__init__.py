"""The numbers of a visible check, yours and expected: which of them are shown, and how."""
