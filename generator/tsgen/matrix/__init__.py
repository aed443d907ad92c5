"""The CI matrix: which legs there are, which can exist, and what this machine can do with each."""
