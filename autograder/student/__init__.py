"""What runs on a student's own machine: their visible checks, and the functions of their earlier notebooks."""
