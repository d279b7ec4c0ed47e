"""What solutions/ says, and what is made of it: what students get, and the proof that it holds."""
