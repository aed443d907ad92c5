"""Refuses a project name that cannot be a folder, a CMake target and a C++ namespace, before anything is written."""

import re
import sys

SLUG = {{ cookiecutter.project_slug | jsonify }}
RESERVED = {{ cookiecutter._reserved_names | jsonify }}


def problem(slug):
    if not re.fullmatch("[A-Za-z][A-Za-z0-9_-]{0,63}", slug):
        return "is not a letter followed by at most 63 letters, digits, '-' or '_'"
    # Some file systems and generators ignore case; "and-eq" would become the namespace "and_eq".
    if {slug.lower(), slug.lower().replace("-", "_")} & set(RESERVED):
        return "is taken by C++, CMake, LibTorch or the operating system"
    return ""


if __name__ == "__main__":
    reason = problem(SLUG)
    if reason:
        print(f"error: the project name {SLUG!r} {reason}", file=sys.stderr)
        print("hint: choose another one, such as my-model", file=sys.stderr)
        sys.exit(1)
