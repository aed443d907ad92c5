"""The command line, and the only place where errors are caught and printed.

Imports little: `tsgen --help` must not pay for what a command needs.
"""

from __future__ import annotations

import errno
import gc
import io
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import click

from tsgen import __version__
from tsgen.cli.lazy import LazyGroup
from tsgen.errors import ConfigError, TsgenError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

INTERRUPTED = 130
# What is imported stays: at Python's own 700 a tenth of a build that has nothing to do goes into walking over it.
_NEW_OBJECTS_TILL_COLLECTED = 50_000

COMMANDS: Mapping[str, str] = {
    "new": "Make a C++ project from a model, build it, and prove that it computes the same numbers.",
    "build": "Bring a project up to date: resolve, export, compile, prove; redo only what is stale.",
    "test": "Prove a built project again.",
    "update": "Replace a project's third_party/tsgen by this tsgen's, and prove it before and after.",
    "add": "Add an operator, CI workflows, a Conan recipe or a development container to a project.",
    "export": "Write only the exported model and its cases.",
    "inspect": "Say what is in an exported model: signature, parameters, operators, code and graph.",
    "matrix": "Show the legs of the CI matrix, run those that run here, and make one report of them.",
    "libtorch": "Find, fetch and check LibTorch distributions, for this platform or another.",
    "doctor": "Say what is on this machine, what is missing and what to do; explain the messages of a log.",
}


@click.group(
    cls=LazyGroup,
    package=__name__,
    lines=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="tsgen")
def cli() -> None:
    """Take a PyTorch model from Python to a C++ program that has proven it computes the same numbers."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run one command; every way it can end gets its exit code (docs/reference/exit-codes.md)."""
    words = sys.argv[1:] if arguments is None else arguments
    gc.set_threshold(_NEW_OBJECTS_TILL_COLLECTED)
    _take_signals(_interrupt)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no `·` gets a question mark, not an exception.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(_run(words))


def _run(words: list[str]) -> int:
    as_json = "--json" in words
    try:
        cli.main(args=words or ["--help"], prog_name="tsgen", standalone_mode=False)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except (KeyboardInterrupt, click.Abort) as ending:
        return _failed(_interrupted(ending, words), as_json=as_json)
    except click.ClickException as error:
        return _failed(ConfigError(error.format_message(), hint=_usage_hint(error)), as_json=as_json)
    except TsgenError as error:
        return _failed(error, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug, told without a traceback unless asked
        verbose = "-v" in words or "--verbose" in words
        return _failed(_unforeseen(error, verbose=verbose), as_json=as_json)
    return 0


def _failed(error: TsgenError, *, as_json: bool) -> int:
    from tsgen.cli import output  # noqa: PLC0415

    code = INTERRUPTED if isinstance(error, _InterruptedError) else error.exit_code
    with suppress(OSError):  # the terminal that was closed
        output.failure(error, code, as_json=as_json)
    return code


class _InterruptedError(TsgenError):
    pass


def _interrupted(ending: BaseException, words: list[str]) -> TsgenError:
    """Click makes its Abort of a KeyboardInterrupt, which may say how to go on."""
    import shlex  # noqa: PLC0415

    said = next((str(each.args[0]) for each in (ending, ending.__cause__) if each and each.args), "")
    return _InterruptedError("interrupted", hint=said or f"`tsgen {shlex.join(words)}` goes on from there")


def _take_signals(handler: Callable[..., None]) -> None:
    """Not one that is ignored, as under nohup or in the background of a script."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)


def _interrupt(*_: Any) -> NoReturn:
    """A polite kill and a closed terminal end like Ctrl-C: subprocesses first, unfinished files removed."""
    _take_signals(_hurry)
    raise KeyboardInterrupt


def _hurry(*_: Any) -> None:
    """A second Ctrl-C must not interrupt what cleans up after the first; programs get no more time to end politely."""
    if process := sys.modules.get("tsgen.system.process"):
        process.hurry()


def _usage_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"see `{context.command_path} --help`" if context else "see `tsgen --help`"


def _unforeseen(error: Exception, *, verbose: bool) -> TsgenError:
    import traceback  # noqa: PLC0415

    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return ConfigError("a path is too long for the file system", hint="name a shorter folder or file")
    if isinstance(error, OSError):  # stages name the files they could not write; what is left are the streams
        return TsgenError(f"a file or stream cannot be used: {error}", hint="check where the output goes")
    details = "".join(traceback.format_exception(error)) if verbose else ""
    message = f"this is a bug in tsgen: {type(error).__name__}: {error}"
    return TsgenError(message, hint="run it again with -v and report what it prints", details=details)
