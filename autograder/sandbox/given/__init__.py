"""What answers get beside their own code: modules, loaded before they are there, and files, read before they are."""
