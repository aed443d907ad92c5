"""What a LibTorch on this machine really is; nothing of it is run."""
