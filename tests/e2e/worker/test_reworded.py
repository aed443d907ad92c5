"""Whatever its sentences say, the worker decides alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e

X8 = {"name": "x", "dtype": "float32", "shape": ["N", 8]}
X4 = {"name": "x", "dtype": "float32", "shape": ["N", 4]}
WORD, NUMBER = {"name": "word", "is_value": True, "value": "abc"}, {"name": "k", "is_value": True, "value": 3}
MODELS: dict[str, list[dict[str, Any]]] = {
    "branches.py:Straight": [X8],
    "branches.py:Branch": [X8],
    "branches.py:Exported": [X8],
    "hidden.py:Unscriptable": [X8],
    "unseen.py:Floored": [{**X8, "shape": ["N", "S"]}],
    "unseen.py:Silenced": [X4],
    "unseen.py:OwnCall": [X4],
    "unseen.py:Counted": [X4, WORD],
    "unseen.py:Power": [X4, NUMBER],
    "unseen.py:WarmingUncompilable": [X4],
    "misbehaving.py:Remembering": [X8],
    "misbehaving.py:Leaving": [X8],
    "misbehaving.py:Noisy": [X8],
    "misbehaving.py:raising": [X8],
    "refused.py:Branch": [X8],
    "refused.py:Worded": [X8],
    "refused.py:RaisingInside": [X8],
    "refused.py:Streaming": [X8],
    "refused.py:AmbientForces": [X8],
}
ANSWER = ("ok", "method", "exact", "signature", "dims", "methods", "call", "select", "sequence", "cases")
DEPENDS_ON_TIME = "python_milliseconds"


def _decided(answer: Answer) -> dict[str, Any]:
    response = answer.response
    if not response["ok"]:
        return {"kind": response["error"]["kind"], "hint": response["error"]["hint"].upper()}
    cases = [{**case, DEPENDS_ON_TIME: 0} for case in response["cases"]]
    tried = [(other["method"], other["faithful"]) for other in response["candidates"]]
    return {**{name: response[name] for name in ANSWER}, "cases": cases, "tried": tried}


def _told(answer: Answer) -> list[str]:
    return [words.upper() for words in (*answer.response.get("notes", ()), *_reasons(answer))]


def _reasons(answer: Answer) -> list[str]:
    response = answer.response
    if not response["ok"]:
        return [response["error"]["message"]]
    return [other["reason"] for other in response["candidates"] if other["reason"]]


@pytest.mark.parametrize("spec", MODELS)
def test_other_sentences_change_no_decision(spec: str, export: Server) -> None:
    plain, reworded = (export(spec, inputs=MODELS[spec], reworded=capitals) for capitals in (False, True))
    assert _decided(reworded) == _decided(plain)
    assert _told(reworded) == _told(plain)
    assert not set(_reasons(reworded)) & set(_reasons(plain))
