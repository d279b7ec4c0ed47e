"""Who is who in a class: rosters, and CSV files that come from elsewhere."""
