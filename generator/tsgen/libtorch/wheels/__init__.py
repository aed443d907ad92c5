"""The wheels of torch: which there are, which fit, and which of their files make up a LibTorch."""
