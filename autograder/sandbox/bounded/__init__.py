"""Our own code that reads strangers' bytes: in a process of its own, under limits of time and memory."""
