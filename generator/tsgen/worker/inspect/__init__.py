"""What is in a TorchScript file: read from its archive, and from the program that torch makes of it."""
