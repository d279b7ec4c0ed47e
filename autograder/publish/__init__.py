"""Reports in the forms that others take: learning management systems, continuous integration, other graders."""
