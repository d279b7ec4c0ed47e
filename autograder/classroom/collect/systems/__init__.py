"""What the systems in which work is handed in tell of it: by names, and by a file that one of them writes."""
