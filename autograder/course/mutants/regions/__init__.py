"""Mutants that are right everywhere but in one region of inputs."""
