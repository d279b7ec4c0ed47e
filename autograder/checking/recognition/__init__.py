"""What a wrong answer is: a known mistake, which has a name, a slip, or just wrong."""
