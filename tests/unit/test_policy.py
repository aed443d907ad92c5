"""A model of one torch in a LibTorch of another version."""

from __future__ import annotations

import pytest

from tsgen.errors import LibTorchError
from tsgen.libtorch.policy import check_direction


def test_the_same_version_needs_no_word() -> None:
    assert check_direction("2.14.1+cu130", "2.14.1", older=False) == ""


def test_a_newer_libtorch_is_allowed_and_told() -> None:
    assert "newer" in check_direction("2.13.0+cpu", "2.14.1", older=False)


def test_an_older_libtorch_is_refused_with_the_ways_out() -> None:
    with pytest.raises(LibTorchError, match="is older than torch") as caught:
        check_direction("2.14.1", "2.9.0+cu128", older=False)
    assert all(way in caught.value.hint for way in ("--torch-version 2.14.1", "--python", "--older-libtorch"))


def test_an_older_libtorch_may_be_accepted_and_is_told() -> None:
    assert "does not promise" in check_direction("2.14.1", "2.9.0", older=True)


def test_versions_are_not_compared_as_text() -> None:
    assert "newer" in check_direction("2.9.1", "2.10.0", older=False)
