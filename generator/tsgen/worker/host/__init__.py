"""The process that runs the model, and its machine."""
