"""Where counts stop being comparable: a change of method, or a jump that births cannot explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import TrendError
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.trending.net_growth import Clusters, Line, Model
from jwst_hotpix.trending.series import Series

__all__ = ["Break", "find_breaks", "line_of"]

# Standard deviations from which a difference is not by chance: with the two dozen intervals and
# four thresholds of a series, one in fifty thousand series like the report's has a false break.
_SIGMAS = 5.0
# Change in the fraction of pixels lit by a neighbor from which it is a change of method.
_ARM_SHARE = 0.05


@dataclass(frozen=True, kw_only=True)
class Break:
    """
    A change of method.

    Attributes
    ----------
    index : int
        Index of the first epoch after it.
    epoch : float
        MJD (UTC) of that epoch.
    reason : str
        What changed.
    neighbors : bool
        The treatment of neighbors changed, and with it the growth of counts that include them.
    """

    index: int
    epoch: float
    reason: str
    neighbors: bool = False


def line_of(series: Series, breaks: Sequence[Break], *, bent: bool) -> Line:
    """
    Choose the line to fit to counts.

    Parameters
    ----------
    series : Series
        The counts.
    breaks : sequence of Break
        Its changes of method.
    bent : bool
        Neighbors are counted: let the slope change with their treatment, where there are two
        epochs before and after to show it.

    Returns
    -------
    Line
        With a step at each break.
    """
    at = sorted(one.index for one in breaks)
    edges = [0, *at, series.epoch.size]
    sizes = np.diff(edges)
    shown = {at[i] for i in range(len(at)) if min(sizes[i], sizes[i + 1]) > 1}
    bends = [one.index for one in breaks if one.neighbors and one.index in shown]
    return Line(months=series.months, steps=tuple(at), bends=tuple(sorted(bends)) if bent else ())


def find_breaks(series: Series, clusters: Clusters) -> tuple[Break, ...]:
    """
    Find changes of method: in the headers, in the treatment of neighbors, as a jump of counts.

    Parameters
    ----------
    series : Series
        The counts.
    clusters : Clusters
        Clusters among all of its pixels.

    Returns
    -------
    tuple of Break
        In order of time.

    Raises
    ------
    TrendError
        When methods change too often to see any growth, or when counts jump and nothing shows in
        which of two intervals.
    """
    breaks = _changes(series)
    _check(series, breaks)
    while (jump := _largest_jump(series, clusters, breaks)) is not None:
        breaks.append(jump)
        _check(series, breaks)
    return tuple(sorted(breaks, key=lambda one: one.index))


def _changes(series: Series) -> list[Break]:
    """Find the changes that headers and crosses show."""
    share, size = series.arm_share(), np.maximum(series.hot[0].count(), 1)
    found = []
    for index in range(1, series.epoch.size):
        before, after = series.methods[index - 1], series.methods[index]
        parts = [
            f"{name} {before[name]} → {after[name]}"
            for name in sorted(before.keys() & after.keys())
            if before[name] != after[name]
        ]
        one, other = float(share[index - 1]), float(share[index])
        noise = np.sqrt(one * (1 - one) / size[index - 1] + other * (1 - other) / size[index])
        neighbors = abs(other - one) > max(_ARM_SHARE, _SIGMAS * noise)
        if neighbors:
            parts.append(f"neighbors {one:.0%} → {other:.0%} of the pixels")
        if parts:
            found.append(_break(series, index, ", ".join(parts), neighbors=neighbors))
    return found


def _break(series: Series, index: int, reason: str, *, neighbors: bool = False) -> Break:
    epoch = float(series.epoch[index])
    return Break(index=index, epoch=epoch, reason=reason, neighbors=neighbors)


def _check(series: Series, breaks: Sequence[Break]) -> None:
    """Refuse a series in which most intervals are breaks: its slope could not be trusted."""
    intervals = series.epoch.size - 1
    if 2 * len(breaks) <= intervals and intervals - len(breaks) > 0:
        return
    first = min(breaks, key=lambda one: one.index)
    raise TrendError(
        "methods of the darks",
        expected="the same over at least half of the intervals between epochs",
        found=f"changes in {len(breaks)} of {intervals} ({iso(first.epoch)[:10]}: {first.reason})",
        source=series.name,
    )


def _largest_jump(series: Series, clusters: Clusters, breaks: Sequence[Break]) -> Break | None:
    """Find the most significant step in the counts of any threshold, if there is one."""
    line, best = line_of(series, breaks, bent=True), None
    free = line.months.size - line.last_slope().size
    if free < 1:
        return None
    for states, threshold in zip(series.hot, series.thresholds, strict=True):
        count = states.count()
        size, index, score = _step(Model.of(states, line, clusters), count, line.steps)
        if score <= _SIGMAS:
            continue
        above = "" if np.isnan(threshold) else f" above {threshold:g} DN/s"
        found = _break(series, index, f"counts{above} jump by {size:+z.0f}")
        after = line_of(series, [*breaks, found], bent=True)
        score /= Model.of(states, after, clusters).excess(count)
        if score > _SIGMAS and (best is None or score > best[0]):
            best = (score, found)
    if best is None:
        return None
    if free == 1:
        raise TrendError(
            "growth",
            expected="the same in all intervals, or headers that show where the method changed "
            "(fit periods separately with --since and --as-of)",
            found=f"too few epochs to see where {best[1].reason}",
            source=series.name,
        )
    return best[1]


def _step(
    model: Model, count: NDArray[np.float64], breaks: tuple[int, ...]
) -> tuple[float, int, float]:
    """Return size, index and significance of the step that best explains the residuals."""
    residual = model.residual()
    steps = np.tril(np.ones((count.size, count.size)))[:, 1:]
    fit, information = steps.T @ residual @ count, np.sum(steps * (residual @ steps), axis=0)
    # A step where there is one already, or that looks like the line itself, has no significance.
    usable = information > 1e-9 * information.max()
    usable[np.array(breaks, dtype=int) - 1] = False
    score = np.where(usable, np.abs(fit) / np.sqrt(np.maximum(information, 1e-300)), 0.0)
    best = int(np.argmax(score))
    return float(fit[best] / information[best]), best + 1, float(score[best])
