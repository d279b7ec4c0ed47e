"""What people read in a browser: the page of a submission, the page of a class."""
