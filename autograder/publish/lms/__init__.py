"""For learning management systems: Canvas, Moodle, and plain CSV."""
