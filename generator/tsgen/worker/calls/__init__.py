"""How forward is called."""
