"""The words of --preprocess, for the host and for the worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tsgen.errors import ConfigError
from tsgen.model.preprocess import located
from tsgen.worker.messages import Problem
from tsgen.worker.preprocess.words import Words, parse

ROOT = Path("/somewhere")


@pytest.mark.parametrize(
    ("words", "parsed"),
    [
        ("weights", Words("weights", hwc=False)),
        ("imagenet", Words("imagenet", hwc=False)),
        ("imagenet,chw", Words("imagenet", hwc=False)),
        ("timm,hwc", Words("timm", hwc=True)),
        ("t.py:transform", Words("file", hwc=False, path="/somewhere/t.py", name="transform")),
        ("../a, b/t.py:transform,hwc", Words("file", hwc=True, path="/a, b/t.py", name="transform")),
        ("/c:d/t.py:make", Words("file", hwc=False, path="/c:d/t.py", name="make")),
    ],
)
def test_both_halves_read_the_words_alike(words: str, parsed: Words) -> None:
    assert parse(located(words, ROOT)) == parsed


def test_no_words_ask_for_nothing() -> None:
    assert located("", ROOT) == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("imagenett", "`imagenett` is unknown"),
        ("imagenet,hcw", "`hcw` is not a layout"),
        ("imagenet,", "`` is not a layout"),
        ("t.txt:transform", "is not file.py:transform"),
        ("t.py:", "is not file.py:transform"),
        ("t.py:a b", "is not file.py:transform"),
        ("t.py:transform,nhwc", "`nhwc` is not a layout"),
        (",hwc", "`` is unknown"),
    ],
)
def test_other_words_are_refused(words: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        located(words, ROOT)
    assert refused.value.hint


def test_a_near_word_is_guessed() -> None:
    with pytest.raises(ConfigError) as refused:
        located("imagnet", ROOT)
    assert refused.value.hint == "did you mean `imagenet`?"


@pytest.mark.parametrize(
    ("words", "said"), [("imagenett", "unknown"), ("imagenet,hcw", "layout"), ("t.py:a,b", "layout")]
)
def test_the_worker_refuses_them_too(words: str, said: str) -> None:
    with pytest.raises(Problem, match=said) as refused:
        parse(words)
    assert refused.value.kind == "bad_input"
    assert refused.value.hint
