"""In which language people are spoken to: English stands in the code, other languages in catalogues."""
