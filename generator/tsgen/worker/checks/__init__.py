"""Whether an export is faithful, and what it may have lost."""
