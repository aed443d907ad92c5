"""What values look like in JSON documents: tables of their fields, but a verdict is one string there."""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any, cast, get_args

from tsgen.console import summaries
from tsgen.types.verdict import Reason, Verdict, VerdictState


def plain(value: Any) -> Any:
    """`value` in JSON's types."""
    if isinstance(value, Verdict):
        return summaries.verdict(value)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def with_verdicts(document: Any, name: str) -> Any:
    """The document with a table for each verdict of the parity report that it has under `name`, if it has one.

    Raises ValueError for a text that is no verdict.
    """
    report = document.get(name) if isinstance(document, dict) else None
    if not isinstance(report, dict) or not isinstance(devices := report.get("devices"), dict):
        return document
    verdicts = {device: asdict(verdict_of(str(text))) for device, text in devices.items()}
    return {**document, name: {**report, "devices": verdicts}}


def verdict_of(text: str) -> Verdict:
    """What `plain` made of a verdict; of its reason there are only the words. Raises ValueError for what is none."""
    state, colon, words = text.partition(": ")
    if state not in get_args(VerdictState):
        raise ValueError(f"`{text}` is no verdict")
    return Verdict(cast("VerdictState", state), Reason("quoted", words) if colon else None)
