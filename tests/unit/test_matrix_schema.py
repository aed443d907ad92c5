"""matrix.json against its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tsgen.cli.output import plain
from tsgen.types.matrix import MatrixPlan, Planned

from .legs import leg, realistic, report

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs/reference/matrix.schema.json").read_text(encoding="utf-8"))
PLAN = MatrixPlan(
    project="myapp", legs=(Planned(leg=leg(), name=leg().name, strategy="native", target_state="proven"),)
)


def printed(value: Any) -> Any:
    return json.loads(json.dumps(plain(value)))


@pytest.mark.parametrize("value", [realistic(), report(), PLAN], ids=["a report", "no legs", "a plan"])
def test_what_is_printed_fits_the_schema(value: Any) -> None:
    jsonschema.validate(printed(value), SCHEMA)


def test_the_schema_knows_the_states() -> None:
    wrong = printed(realistic())
    wrong["legs"][0]["state"] = "perhaps"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)
