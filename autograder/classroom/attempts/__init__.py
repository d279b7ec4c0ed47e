"""The attempts of a class: when each was handed in, and which of them counts."""
