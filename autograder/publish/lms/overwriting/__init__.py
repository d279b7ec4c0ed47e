"""What may be written over in a file that an LMS exported: nothing that a person wrote."""
