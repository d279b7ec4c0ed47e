"""What crosses between the grader and a worker: frames, and the values in them."""
