"""What `tsgen add` writes into a project: the files of templates/add, with the project's words in them."""

from __future__ import annotations

from tsgen.commands.add.operator import operator
from tsgen.commands.add.part import part
from tsgen.commands.add.writing import Written

__all__ = ["Written", "operator", "part"]
