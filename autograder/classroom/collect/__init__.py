"""From what a school's system hands out to submitted/."""
