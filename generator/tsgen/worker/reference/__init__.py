"""Eager Python, which everything is compared with."""
