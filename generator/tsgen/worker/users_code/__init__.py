"""What the user's own code did, and what torch said while it ran."""
