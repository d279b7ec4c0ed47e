"""A course's checks in ordinary pytest, with breakpoints, tracebacks and introspection."""
