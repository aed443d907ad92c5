"""Carries on to the proof when tsgen is here. Always ends with status 0: a failing hook would delete the project."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path


def tsgen():
    if importlib.util.find_spec("tsgen"):
        return [sys.executable, "-m", "tsgen"]
    program = shutil.which("tsgen")
    return [program] if program else []


def main():
    go_on = f"cd {Path.cwd().name} && tsgen build"
    command = tsgen()
    if not command:
        print(f"tsgen is not installed, so there is no model in the project yet. When it is:  {go_on}")
        return
    try:
        # From the folder where the user stands: what tsgen says can then be pasted as it is.
        status = subprocess.run([*command, "build", Path.cwd().name], cwd=Path.cwd().parent, check=False).returncode
    except (OSError, KeyboardInterrupt) as error:
        status = type(error).__name__
    if status != 0:
        print(f"The project is written, but building it failed (status {status}). Mend the cause, then:  {go_on}")


if __name__ == "__main__":
    main()
