"""lief, which reads ELF, PE and Mach-O. Import it from here, where it is needed: it takes half a second.

It is an extension made with nanobind: an exception in the middle of its import, such as Ctrl-C, would end the process.
"""

from __future__ import annotations

from tsgen.system import process

with process.undisturbed():
    import lief

__all__ = ["lief"]
