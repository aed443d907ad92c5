"""The typed API: a header made from the signature, by templates/api."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.render import templates, usage
from tsgen.render.literals import line_literal, text_literal
from tsgen.render.names import Scope, camel
from tsgen.render.structs import Values, answer, arguments
from tsgen.system.names import identifier
from tsgen.worker.signature_text import interface

if TYPE_CHECKING:
    from tsgen.types import Artifact, Signature


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One function of the typed API: forward, or an exported method."""

    name: str
    """Python's; empty for forward."""
    identifier: str
    inputs: Values
    outputs: Values
    inputs_type: str
    outputs_type: str


def api(artifact: Artifact, name: str) -> str:
    """The typed header of the model: templates/api/model.hpp.j2 filled from the signature."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(templates.template_dir() / "api"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - C++, not HTML
    )
    entries = _entries(artifact.signature)
    return environment.get_template("model.hpp.j2").render(
        slug=name,
        identifier=identifier(name),
        model=artifact.model,
        method=artifact.method,
        torch_version=artifact.torch_version,
        entries=entries,
        example=usage.filled(entries[0].inputs, artifact.signature.dims),
        first=usage.first(entries[0].outputs),
        lines=[line_literal(line) for line in interface(artifact.signature)],
        writes=usage.writes(artifact),
        has_complex=_has_complex(artifact.signature),
        text_literal=text_literal,
    )


def _has_complex(signature: Signature) -> bool:
    sides = [signature, *signature.methods.values()]
    return any(node.dtype.startswith("complex") for side in sides for node in (*side.inputs, *side.outputs))


def _entries(signature: Signature) -> list[Entry]:
    namespace, model = Scope(), Scope("Model", "model_", "run", "signature", "untyped", "warm_up")
    made = [_entry("", signature, namespace, "")]
    for name, method in signature.methods.items():
        made.append(_entry(name, method, namespace, model.value(name, "method")))
    return made


def _entry(name: str, signature: Signature, namespace: Scope, word: str) -> Entry:
    inputs, outputs = f"{camel(word)}Inputs", f"{camel(word)}Outputs"
    return Entry(
        name=name,
        identifier=word,
        inputs=arguments(signature.inputs, inputs, name),
        outputs=answer(signature.outputs, outputs, namespace, name),
        inputs_type=inputs,
        outputs_type=outputs,
    )
