"""Whether what came back is what is expected, and how it differs."""
