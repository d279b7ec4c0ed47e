"""What happens in the process that opens a stranger's archive."""
