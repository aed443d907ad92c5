"""Several legs at a time; one that fails stops no other, and Ctrl-C ends what runs and keeps what is done."""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import TYPE_CHECKING

from tsgen import console
from tsgen.console import summaries
from tsgen.errors import TsgenError
from tsgen.system import files, process
from tsgen.types.matrix import WORDS, LegResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tsgen.types.matrix import Planned

_WIDTH = max(map(len, WORDS.values()))


def run(
    legs: Sequence[Planned],
    work: Callable[[Planned], LegResult],
    untouched: Callable[[Planned], LegResult | None],
    jobs: int,
) -> list[LegResult]:
    """The result of each leg, in their order; those that do not run here have one that says why."""
    done: dict[str, LegResult | None] = {
        each.name: untouched(each) if each.strategy else not_run(each) for each in legs
    }
    waiting = [each for each in legs if not done[each.name]]
    for known in filter(None, done.values()):
        _tell(known)
    for result in _run_all(waiting, work, jobs):
        done[result.name] = result
        _tell(result)
    return [result for result in done.values() if result]


def not_run(planned: Planned) -> LegResult:
    """The result of a leg that cannot be done here: the state that it was planned for, and the reason."""
    return LegResult(
        leg=planned.leg,
        name=planned.name,
        state=planned.target_state,
        strategy=None,
        reason=planned.reason,
        hint=planned.hint,
    )


def failed(planned: Planned, error: TsgenError) -> LegResult:
    """The result of a leg that ended before it began."""
    return LegResult(
        leg=planned.leg,
        name=planned.name,
        state="failed",
        strategy=planned.strategy,
        reason=error.message,
        hint=error.hint,
    )


def missing(planned: Planned) -> LegResult:
    """The result of a leg of which no machine brought one, although there can be one."""
    why, result = "no machine brought its result", not_run(planned)
    if planned.strategy:
        return replace(result, state="failed", reason=why)
    return result if result.state == "impossible" else replace(result, reason=f"{why}, and here {result.reason}")


def _run_all(legs: Sequence[Planned], work: Callable[[Planned], LegResult], jobs: int) -> Iterator[LegResult]:
    cancel_token = process.CancelToken()
    with ThreadPoolExecutor(jobs) as threads:
        futures = [threads.submit(_context(cancel_token).run, _guarded, work, each) for each in legs]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:  # also for Ctrl-C, which only the main thread hears
            for future in futures:
                future.cancel()
            cancel_token.cancel()


def _context(cancel_token: process.CancelToken) -> contextvars.Context:
    """Each thread has its own console, and all share the cancel token."""
    context = contextvars.copy_context()
    context.run(process.cancel_token.set, cancel_token)
    return context


def _guarded(work: Callable[[Planned], LegResult], planned: Planned) -> LegResult:
    """A full disk, or a bug of ours, in one leg must not take the others with it."""
    try:
        return work(planned)
    except TsgenError:
        raise
    except OSError as error:
        reason = f"{error.filename or 'a file of the leg'} cannot be used: {files.reason(error)}"
        hint = "mend that; the same command goes on from there"
    except Exception as error:  # noqa: BLE001 - it is told as what it is
        reason, hint = f"this is a bug in tsgen: {type(error).__name__}: {error}", "report it, with the leg's log"
    return LegResult(
        leg=planned.leg, name=planned.name, state="failed", strategy=planned.strategy, reason=reason, hint=hint
    )


def _tell(result: LegResult) -> None:
    seconds = f"{sum(result.timings.values()):.1f} s" if result.strategy and not result.up_to_date else ""
    console.line(f"  {WORDS[result.state]:<{_WIDTH}}  {result.name}  {summaries.leg(result)}  {seconds}".rstrip())
