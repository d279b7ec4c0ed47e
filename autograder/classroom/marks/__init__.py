"""The mark of a student: from reports, policy and points by hand, by one function, with its reasons."""
