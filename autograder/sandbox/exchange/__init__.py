"""Exchanges with a worker, wherever it lives: its limits, and what it says, checked."""
