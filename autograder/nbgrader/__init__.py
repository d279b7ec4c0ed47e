"""What nbgrader runs, reads and keeps, with our grader in the place of the student's code."""
