"""The vendored library depends on no model, so it compiles in the background while Python exports one.

Only a source that the compiler refuses ends the export. Whatever else does not work yet, a tool that is missing or a
CMakeLists.txt that wants the model, is left to the build itself, which comes after the export and says it.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, contextmanager
from contextvars import copy_context
from threading import Thread
from typing import TYPE_CHECKING

from tsgen import console
from tsgen.build import cmake, compile_library
from tsgen.errors import BuildError, TsgenError
from tsgen.system import process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tsgen.toolchain import Toolchain
    from tsgen.types import BuildType, Project

_TARGETS = ("tsgen-runtime", "tsgen-runner")


class Ahead(AbstractContextManager["Ahead"]):
    """Does nothing until `beside`; what still runs when the context is left is ended with all it has started."""

    def __init__(self) -> None:
        self._compiler, self._exporter = process.CancelToken(), process.CancelToken()
        self._console = console.Beside("Build", console.current.get())
        self._thread: Thread | None = None
        self._refused: BuildError | None = None
        self._did = False

    def __exit__(self, *_: object) -> None:
        with process.undisturbed():
            self._compiler.cancel()
            self._wait()

    @contextmanager
    def beside(self, project: Project, build_type: BuildType, prepare: Callable[[], Toolchain]) -> Iterator[None]:
        """Start to compile, and go on after the context; `prepare` leaves the presets that CMake reads.

        What is started within ends when the compiler refuses a source, and then the BuildError is raised that says so.
        """
        self._start(project, build_type, prepare)
        token = process.cancel_token.set(self._exporter)
        try:
            yield
        except TsgenError:
            if self._refused:
                raise self._refused from None
            raise
        finally:
            process.cancel_token.reset(token)

    def finish(self) -> bool:
        """Wait for its end, and return whether anything was compiled. Raises BuildError."""
        self._wait()
        if self._refused:
            raise self._refused
        return self._did

    def _start(self, project: Project, build_type: BuildType, prepare: Callable[[], Toolchain]) -> None:
        context = copy_context()
        context.run(process.cancel_token.set, self._compiler)
        context.run(console.current.set, self._console)
        self._thread = Thread(target=context.run, args=[self._work, project, build_type, prepare])
        self._thread.start()

    def _work(self, project: Project, build_type: BuildType, prepare: Callable[[], Toolchain]) -> None:
        try:
            self._did = compile_library(project, build_type, prepare(), _TARGETS, _jobs())
        except BuildError as error:
            if cmake.refused(error) and not self._compiler.cancelled:
                self._refused = error
                self._exporter.cancel()
        except (TsgenError, OSError):
            pass

    def _wait(self) -> None:
        self._console.come_to_front()
        if self._thread:
            self._thread.join()


def _jobs() -> int:
    """As many as there are cores, less than Ninja takes by itself.

    On two cores the export gets two thirds of one, and the whole ends earlier than with a core kept for it: the longest
    file alone would leave the other core idle from the end of the export to its own.
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
