"""Models exported on the CPU and proven on both devices: for a machine with a GPU, also without a network."""
