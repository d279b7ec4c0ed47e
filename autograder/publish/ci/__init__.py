"""For continuous integration: JUnit, GitLab, GitHub, and at which line of a file something is wrong."""
