"""Which earlier question is to be mended first, where the checks of a later one fail."""
