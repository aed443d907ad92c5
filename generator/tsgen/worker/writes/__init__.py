"""What a call of the saved program writes besides its answer: the model's own memory, and its inputs.

Read from the program's code (`static`), of which every branch counts that a call could take, and seen when it runs on
the probes (`watch`). A name too many costs a lock or a copy; one too few costs wrong numbers.
"""
