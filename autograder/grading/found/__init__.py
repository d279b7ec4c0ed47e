"""What was found in a folder of submissions, held small; and which folder was meant where nothing was."""
