"""What is meant where a signature cannot say it: torch's types, which mypy has not, and the user's own objects."""

from __future__ import annotations

from typing import Any

Model = Any
"""The user's torch.nn.Module, or a view of it that is called alike."""
ScriptModule = Any
"""A torch.jit.ScriptModule: an export, or a file that was loaded."""
TorchTensor = Any
"""A torch.Tensor."""
Dtype = Any
"""A torch.dtype."""
Value = Any
"""A value of Python's in a call: a tensor, a number, a string, None, or a group of them of any type and nesting."""
Graph = Any
"""A torch._C.Graph, what a method of a ScriptModule does."""
GraphBlock = Any
"""A torch._C.Block, or a Graph, which is walked alike."""
GraphNode = Any
"""A torch._C.Node, one operation of a graph."""
GraphValue = Any
"""A torch._C.Value, what a node takes or gives."""
HfConfig = Any
"""A configuration of transformers (PretrainedConfig), or a part of one."""
