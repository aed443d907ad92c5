"""From a PyTorch model in Python to a C++ program that has proven it computes the same numbers."""

__version__ = "0.2.0"
