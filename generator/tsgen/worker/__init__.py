"""The half of tsgen that runs in the model's own interpreter: a folder run by path, the only code that imports torch.

It needs the standard library and torch, and imports nothing of tsgen. `__main__` registers the folder as the package
`tsgen_worker`, so inside it imports are relative.
"""
