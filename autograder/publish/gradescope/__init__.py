"""Gradescope: the archive that is given to it, what runs there, and the results that it reads."""
