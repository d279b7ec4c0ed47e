"""Git, as it is used on repositories of strangers: it fetches, and reads what it fetched; it executes nothing."""
