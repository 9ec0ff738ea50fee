"""Masks: reading and writing them, which one an exposure had, lists against them."""
