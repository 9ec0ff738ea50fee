"""Scores and shortcuts for tests and benchmarks."""
