"""What a running notebook holds in memory, and whether that is what stands in it."""
