"""Zips taken apart, trusting nothing that they say of themselves."""
