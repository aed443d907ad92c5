"""What forward is called with."""
