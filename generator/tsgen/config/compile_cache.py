"""[compile_cache_environment] of tsgen.toml: where the compile cache keeps things, in its own variables."""

from __future__ import annotations

import re
from typing import Any, cast

from tsgen.config.values import expect
from tsgen.errors import ConfigError

KEY = "compile_cache_environment"
_NAME = re.compile(r"S?CCACHE_[A-Z0-9_]+", re.ASCII)
# What ends so or has such a word in it is a secret in sccache's and ccache's documentation: SCCACHE_REDIS_PASSWORD,
# SCCACHE_AZURE_CONNECTION_STRING (it has the account's key). SCCACHE_S3_KEY_PREFIX is none.
SECRET = re.compile(r"_KEY(_ID)?$|PASSWORD|TOKEN|SECRET|CREDENTIAL|CONNECTION_STRING")
USER_IN_ADDRESS = re.compile(r"//[^/@\s]*:[^/@\s]*@")


def environment(value: Any, where: str) -> dict[str, str]:
    """Raises ConfigError for a name that is neither ccache's nor sccache's, and for what should not be committed."""
    table = cast("dict[str, Any]", expect(value, dict, KEY, where))
    return {name: _checked(name, item, where) for name, item in table.items()}


def _checked(name: str, value: Any, where: str) -> str:
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"{where}: `{KEY}.{name}` is not a variable of a compile cache",
            hint="the names begin with SCCACHE_ or CCACHE_, such as SCCACHE_REDIS_ENDPOINT",
        )
    text = cast("str", expect(value, str, f"{KEY}.{name}", where))
    if SECRET.search(name) or USER_IN_ADDRESS.search(text):
        raise ConfigError(
            f"{where}: `{KEY}.{name}` holds a secret, and tsgen.toml is committed",
            hint=f"take it out here, and set {name} in the environment (in CI: as a secret)",
        )
    return text
