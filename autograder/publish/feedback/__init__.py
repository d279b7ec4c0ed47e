"""Students' own pages, packed as an LMS takes them back, or for letters of one's own."""
