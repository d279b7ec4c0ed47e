"""What `certify` proves of a course before students meet it."""
