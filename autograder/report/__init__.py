"""The outcome of a submission, and what can be said of one, of two, and of a class of them."""
