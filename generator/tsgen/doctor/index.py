"""Whether pip reaches an index that has torch; pip itself is asked, so its settings, proxies and mirrors count."""

from __future__ import annotations

import re
import sys
from urllib.parse import urlsplit

from tsgen.doctor import limited
from tsgen.doctor.findings import Finding

SECONDS = 30.0
# One try of a few seconds for each index: a look at the machine is not a download.
COMMAND = ("-m", "pip", "-vv", "--disable-pip-version-check", "--timeout", "5", "--retries", "0", "index", "versions")
PACKAGE = "torch"
TOPIC = "package index"
_UNREACHED = re.compile(r"Could not fetch URL (\S+): (.*?)(?: - skipping)?$", re.MULTILINE)
_NEWEST = re.compile(rf"^{PACKAGE} \((.+)\)$", re.MULTILINE)
_NEEDED = "to fetch a LibTorch that is not on this machine yet (--libtorch wheel); --offline does without"
_FIX = "check the network, and index-url in `pip config list`; without either, build with --offline"


def examine(*, offline: bool) -> Finding:
    if offline:
        return Finding(topic=TOPIC, state="not checked", found="--offline was given", needed=_NEEDED)
    done = limited.run([sys.executable, *COMMAND, PACKAGE], seconds=SECONDS, merge=True)
    if not done or done.status == limited.LATE:
        came = f"no answer in {SECONDS:.0f} s" if done else "pip cannot be run"
        return Finding(topic=TOPIC, state="missing", found=came, needed=_NEEDED, fix=_FIX)
    return _judged(done.stdout)


def _judged(output: str) -> Finding:
    unreached, newest = _UNREACHED.search(output), _NEWEST.search(output)
    has = f"has {PACKAGE} {newest[1]}" if newest else f"no {PACKAGE} for this Python ({sys.version.split()[0]})"
    if unreached:
        only = f"; what else pip knows {has}" if newest else ""
        came = f"{_host(unreached[1])} does not answer: {_reason(unreached[2])}{only}"
        return Finding(topic=TOPIC, state="missing", found=came, needed=_NEEDED, fix=_FIX)
    if newest:
        return Finding(topic=TOPIC, state="ok", found=f"reached, {has}", needed=_NEEDED)
    if re.search(r"No matching distribution", output):
        fix = "run tsgen with a Python that torch is published for"
        return Finding(topic=TOPIC, state="missing", found=f"reached, {has}", needed=_NEEDED, fix=fix)
    words = [line for line in output.splitlines() if line.startswith("ERROR")] or output.strip().splitlines()[-1:]
    came = f"pip says: {words[0]}" if words else "pip says nothing"
    return Finding(topic=TOPIC, state="unknown", found=came, needed=_NEEDED, fix=_FIX)


def _host(url: str) -> str:
    """Without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _reason(text: str) -> str:
    return text.removeprefix("connection error: ").strip()
