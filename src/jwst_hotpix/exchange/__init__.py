"""Formats of other people: what becomes a list, and what a list becomes."""
