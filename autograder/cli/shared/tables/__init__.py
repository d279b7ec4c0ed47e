"""Tables on the terminal: of a class, of proofs, and rows that fit any width."""
