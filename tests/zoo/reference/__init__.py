"""The other side of the comparison: the model built again and called on inputs that tsgen did not choose.

Runs in the model's Python. Only the building is tsgen's; inputs, names and what is saved are the zoo's own.
"""
