"""Classroom 50: the folder that is given to it, what runs there, and the result that it reads."""
