"""What the command line says of itself, in the language of whoever sits at the terminal: help, and wrong arguments."""
