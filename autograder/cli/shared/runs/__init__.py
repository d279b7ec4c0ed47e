"""What `grade` and `check` do behind their options, with all that it takes to import."""
