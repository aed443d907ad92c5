"""[compile_cache_environment] of tsgen.toml: which variables it takes, and that no secret is among them."""

from __future__ import annotations

from typing import Any

import pytest

from tsgen.config import from_table
from tsgen.errors import ConfigError

REDIS = "SCCACHE_REDIS_ENDPOINT"


def refusal(table: dict[str, Any]) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        from_table({"name": "a", "model": "b", "compile_cache_environment": table}, where="tsgen.toml")
    return caught.value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "x") for name in ("SCCACHE_REDIS_PASSWORD", "SCCACHE_WEBDAV_TOKEN", "SCCACHE_GHA_RUNTIME_TOKEN")),
        *((name, "x") for name in ("SCCACHE_ACCESS_KEY", "SCCACHE_ACCESS_KEY_ID", "CCACHE_SECRET_STORAGE")),
        ("SCCACHE_AZURE_CONNECTION_STRING", "AccountKey=x"),
        ("SCCACHE_REDIS", "redis://user:hunter2@10.0.0.1:6379"),
        ("CCACHE_REMOTE_STORAGE", "redis://:hunter2@10.0.0.1:6379"),
    ],
)
def test_a_secret_is_not_for_a_committed_file(name: str, value: str) -> None:
    error = refusal({name: value})
    assert "holds a secret, and tsgen.toml is committed" in error.message
    assert name in error.hint
    assert "hunter2" not in error.message + error.hint


@pytest.mark.parametrize("name", ["PATH", "LD_PRELOAD", "sccache_dir", "SCCACHE_", "MY_SCCACHE_DIR"])
def test_a_variable_of_something_else_is_refused(name: str) -> None:
    error = refusal({name: "x"})
    assert "is not a variable of a compile cache" in error.message
    assert "SCCACHE_REDIS_ENDPOINT" in error.hint


def test_a_value_is_a_string() -> None:
    assert "must be a string, not 6379" in refusal({REDIS: 6379}).message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (REDIS, "redis://10.0.0.1:6379"),
        ("SCCACHE_S3_KEY_PREFIX", "tsgen"),
        ("SCCACHE_GCS_KEY_PATH", "/etc/key.json"),
        ("CCACHE_REMOTE_STORAGE", "http://scheduler.example/cache"),
    ],
)
def test_what_is_no_secret_is_taken(name: str, value: str) -> None:
    table = {"name": "a", "model": "b", "compile_cache_environment": {name: value}}
    assert from_table(table, where="tsgen.toml").compile_cache_environment == {name: value}
