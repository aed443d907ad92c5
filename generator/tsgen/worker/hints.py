"""What helps when no export of a model is right: one way out for each kind of reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .users_code.torch_messages import LATER_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .reasons import ReasonKind, Refusal, RejectionKind

_TENSOR = re.compile(r"(?<!\.)\bTensor\b")
_ATTRIBUTE = re.compile(r"self\.(\w+)")
MOST = 2
"""Ways out that one hint names."""

ALONE: frozenset[ReasonKind] = frozenset({
    "compiled", "transform", "gradient", "untraceable_output",
})  # fmt: skip
"""In the way of every method: nothing else helps before that is mended."""

HINTS: Mapping[ReasonKind, str] = {
    "compiled": "leave torch.compile out of what is exported: the part itself is in its _orig_mod",
    "transform": "write out what torch.func (vmap, grad, jacrev) does, as operations on the whole batch",
    "gradient": "make forward acceptable to torch.jit.script, which alone exports torch.autograd.grad and backward(), "
    "or write the derivative out as operations",
    "untraceable_output": "let forward return a tuple of tensors, or a dict whose values are all tensors",
    "shape": "select by a mask (x[mask]) in the place of a size that is taken out of a tensor",
    "branch": "write the branch with torch.where",
    "loop": "write the loop as operations on whole tensors",
    "number": "compute with the tensor itself in the place of a number taken out of it",
    "list": "compute with the tensor itself in the place of a list made of it",
    "length": "write x.size(0) in the place of len(x)",
    "array": "write what NumPy does with torch's own functions",
    "constant": "make the tensor of tensors (torch.stack) in the place of torch.tensor(...)",
    "untyped_state": "annotate the attribute in the class as what it is later",
    "optional_state": "read the attribute into a local variable before comparing it with None",
    "state": "take the state as an input and return it as an output",
    "left_to_python": "take @torch.jit.unused and @torch.jit.ignore off what forward calls",
    "hook": "do in forward what the hook does",
    "own_call": "move what __call__ does into forward",
    "part_called": "call that part with tensors alone, by position",
    "not_stored": "keep as attributes of the model only what torch.jit.save can write: tensors, numbers, strings",
    "interface": "let forward take and return the same number of tensors on every call",
    "differs": "compute what depends on values and sizes by operations on tensors: nothing else is recorded",
    "raises": "compute what it raises at by operations on tensors that hold for every input",
    "not_compiled": "make the source acceptable to torch.jit.script",
    "not_traced": "make the operations that it stops at acceptable to torch.jit.trace",
    "died": "report to PyTorch that its torch.jit ends Python there, with the model",
    "keyword_only": "let forward take its inputs by position",
    "untraceable_input": "take tensors in the place of numbers and strings",
    "no_part": "put what torch.jit.script can compile into a module of its own",
    "own_forward": "put what torch.jit.script cannot compile into a module of its own",
    "no_number": "choose another --method: this one is for models that take numbers",
    "no_tensor": "let forward take a tensor",
}
"""What is nearest to the cause comes first."""

REJECTIONS: Mapping[RejectionKind, str] = {
    "exit": "take sys.exit() out of forward: what cannot be computed is an exception",
    "gradient": "differentiate by an input, or by what forward makes of one: weights require no gradients in an export",
    "raised": "check names, shapes, dtypes and order of --input (NAME=2x16:int64, NAME==3)",
}


def of(refusal: Refusal) -> str:
    """The ways out of the reasons that tell something; after it, when one method was asked for, that there are more."""
    other_ways = "--method auto tries the other ways too; " if refusal.forced else ""
    return other_ways + " or ".join(_ways_out(refusal))


def _ways_out(refusal: Refusal) -> list[str]:
    all_kinds = {reason.kind for _, reason in refusal.tried}
    alone = [hint for kind, hint in HINTS.items() if kind in all_kinds & ALONE]
    if alone:
        return alone[:1]
    telling = {reason.kind for _, reason in refusal.telling}
    if refusal.kept:
        telling = _of_state(telling)
    return [hint + _annotation(kind, refusal) for kind, hint in HINTS.items() if kind in telling][:MOST]


def _of_state(telling: set[ReasonKind]) -> set[ReasonKind]:
    """A model that keeps state has one more way out than others, and it helps whatever stopped the script."""
    helping: set[ReasonKind] = {"untyped_state", "optional_state", "state"}
    return (telling & helping) | {"state"}


def _annotation(kind: ReasonKind, refusal: Refusal) -> str:
    """`(hidden: Optional[Tuple[torch.Tensor, torch.Tensor]])`, as torch.jit.script says what it is later."""
    texts = [reason.text for _, reason in refusal.telling if reason.kind == kind == "untyped_state"]
    found = LATER_TYPE.search(texts[0]) if texts else None
    if not found:
        return ""
    assigned = set(_ATTRIBUTE.findall(found["line"].partition(" = ")[0]))
    name = assigned.pop() if len(assigned) == 1 else "state"
    return f" ({name}: Optional[{_TENSOR.sub('torch.Tensor', found['type'])}])"
