"""The processes that grade on this machine, and what they are forks of."""
