"""AOTInductor: torch.export makes a program of a model, and Inductor makes C++ of the program."""
