"""The top level of a submission: which of its statements a question depends on. Portable."""
