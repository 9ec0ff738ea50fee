"""
Net growth per month from counts that share most of their pixels, with errors from those pixels.

Counts of successive epochs are not independent: a pixel that turned hot stays in all later counts,
so their scatter about a line says little about its slope. Every slope fitted here is a sum over
pixels, to which each contributes the weights of its epochs; pixels turn hot or cold one by one, or
as a cluster. The variance of the slope is therefore the sum of the squares of what the clusters
contribute, whatever recoveries, flicker, cosmic-ray hits or unseen pixels are among them (a
compound Poisson process).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.trending.states import States

__all__ = ["Clusters", "Line", "Model", "NetGrowth", "fit"]

# Counts whose chi square exceeds its mean by so many normal standard deviations (one in a thousand
# by chance) scatter more than their pixels explain: the pixels share a source of noise.
_SIGMAS = 3.09
# Variance that every count has on its own, in units of the births per month.
_LEAST_FLICKER = 1e-6


@dataclass(frozen=True, eq=False, kw_only=True)
class Clusters:
    """
    Pixels that touch, corners included: they turn hot in one event, or one lights the others.

    Attributes
    ----------
    pixel : ndarray of int32, shape (n,)
        Sorted, each once.
    label : ndarray of int, shape (n,)
        Number of the cluster of each pixel: 0, 1, ...
    """

    pixel: NDArray[np.int32]
    label: NDArray[np.intp]

    @classmethod
    def of(cls, pixel: NDArray[np.int32], columns: int) -> Clusters:
        """
        Find the clusters among pixels.

        Parameters
        ----------
        pixel : ndarray of int32, shape (n,)
            ``y * columns + x``; sorted, each once.
        columns : int
            Number of columns of the full frame. No pixel lies at its edge: reference pixels do.

        Returns
        -------
        Clusters
            Every pixel with its cluster.
        """
        pairs = []
        for step in (1, columns - 1, columns, columns + 1):
            place = np.searchsorted(pixel, pixel + step)
            beside = np.flatnonzero(pixel[np.minimum(place, pixel.size - 1)] == pixel + step)
            pairs.append((beside, place[beside]))
        one, other = (np.concatenate(side) for side in zip(*pairs, strict=True))
        # Imported here: both take 0.2 s, which `hotpix trend --help` can do without.
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        graph = coo_array((np.ones(one.size), (one, other)), shape=(pixel.size, pixel.size))
        return cls(pixel=pixel, label=connected_components(graph, directed=False)[1])

    def square_sum(self, pixel: NDArray[np.int32], value: NDArray[np.float64]) -> float:
        """
        Sum the values within each cluster, then the squares of these sums.

        Parameters
        ----------
        pixel : ndarray of int32, shape (k,)
            Some of the pixels, sorted.
        value : ndarray of float, shape (k,)
            Value of each.

        Returns
        -------
        float
            Sum over clusters.
        """
        label = self.label[np.searchsorted(self.pixel, pixel)]
        return float(np.sum(np.bincount(label, value) ** 2)) if label.size else 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Line:
    """
    A line against time, with steps and bends.

    Attributes
    ----------
    months : ndarray of float, shape (m,)
        Time of each epoch, rising from 0.
    steps : tuple of int
        Index of the first epoch after each step, rising.
    bends : tuple of int
        Those of the steps at which the slope changes too.
    """

    months: NDArray[np.float64]
    steps: tuple[int, ...] = ()
    bends: tuple[int, ...] = ()

    def design(self) -> NDArray[np.float64]:
        """Return the columns offset, months, steps, and months since each bend, shape (m, n)."""
        steps = [np.arange(self.months.size) >= index for index in self.steps]
        bends = [np.maximum(self.months - self.months[index], 0) for index in self.bends]
        return np.column_stack([np.ones(self.months.size), self.months, *steps, *bends])

    def last_slope(self) -> NDArray[np.float64]:
        """Return the weights of the parameters that give the slope after all bends, shape (n,)."""
        is_bend = np.arange(2 + len(self.steps) + len(self.bends)) >= 2 + len(self.steps)
        slope: NDArray[np.float64] = is_bend + np.eye(is_bend.size)[1]
        return slope


@dataclass(frozen=True, eq=False, kw_only=True)
class Model:
    """
    How counts are expected to behave: a line, and their scatter about it.

    Attributes
    ----------
    design : ndarray of float, shape (m, n)
        Columns of the line, as `Line.design`.
    covariance : ndarray of float, shape (m, m)
        Covariance of the counts: pixels that turned hot or cold since the first epoch, and flicker.
    """

    design: NDArray[np.float64]
    covariance: NDArray[np.float64]

    @classmethod
    def of(cls, states: States, line: Line, clusters: Clusters) -> Model:
        """
        Model the counts of one threshold.

        Parameters
        ----------
        states : States
            Pixels above the threshold.
        line : Line
            Line to fit.
        clusters : Clusters
            Clusters among at least those pixels.

        Returns
        -------
        Model
            Line and covariance.
        """
        design, months = line.design(), line.months
        events, flicker = _variances(states, months, line.steps)
        pixel, total = states.weigh(line.last_slope() @ np.linalg.pinv(design))
        alone = float(np.sum(total**2))
        together = clusters.square_sum(pixel, total) / alone if alone else 1.0
        # A constant added to all covariances is absorbed by the offset, and makes them invertible.
        since = months + months[-1]
        walk = events * np.minimum(since[:, None], since)
        # Two deliveries of one date have equal rows where nothing flickers; so little flicker makes
        # the matrix invertible and affects no fit.
        flicker += _LEAST_FLICKER * events
        return cls(design=design, covariance=max(together, 1.0) * (walk + np.diag(flicker)))

    def weights(self) -> NDArray[np.float64]:
        """Return the weights of the best linear estimates (Gauss-Markov), shape (n, m)."""
        whitened = np.linalg.solve(self.covariance, self.design)
        return np.linalg.solve(self.design.T @ whitened, whitened.T)

    def residual(self) -> NDArray[np.float64]:
        """Return P with ``P @ counts`` the whitened residuals, shape (m, m)."""
        inverse = np.linalg.inv(self.covariance)
        return np.asarray(inverse - inverse @ self.design @ self.weights())

    def excess(self, count: NDArray[np.float64]) -> float:
        """
        Return the factor by which errors grow for counts that scatter too much; at least 1.

        Parameters
        ----------
        count : ndarray of float, shape (m,)
            Hot pixels of each epoch.
        """
        freedom = self.design.shape[0] - self.design.shape[1]
        if freedom < 1:
            return 1.0
        square = max(float(count @ self.residual() @ count), 0.0)
        # The cube root of chi square is nearly normal (Wilson & Hilferty 1931).
        width = 2 / (9 * freedom)
        usual = freedom * (1 - width + _SIGMAS * width**0.5) ** 3
        return float(np.sqrt(square / freedom)) if square > usual else 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class NetGrowth:
    """
    Net growth of the pixels above one threshold.

    Attributes
    ----------
    count : ndarray of float, shape (m,)
        Hot pixels of each epoch.
    per_month, error : float
        Births minus recoveries per month, with the best weights of the epochs, and the standard
        error: with steady pixels the last count minus the first, with flickering ones closer to
        a straight line.
    linear, linear_error : float
        Slope per month of the least-squares line of the report, and its actual standard error.
    fitted : ndarray of float, shape (m,)
        The line with slope ``per_month`` at each epoch, in pixels.
    steps, step_errors : ndarray of float, shape (n_breaks,)
        Pixels added by each change of method, and the standard error.
    excess : float
        Factor by which the errors grew for noise that all pixels share.
    """

    count: NDArray[np.float64]
    per_month: float
    error: float
    linear: float
    linear_error: float
    fitted: NDArray[np.float64]
    steps: NDArray[np.float64]
    step_errors: NDArray[np.float64]
    excess: float


def fit(states: States, line: Line, clusters: Clusters) -> NetGrowth:
    """
    Fit a line to counts.

    Parameters
    ----------
    states : States
        Pixels above one threshold.
    line : Line
        Line to fit. Two epochs without a step between them must remain, also before and after
        every bend.
    clusters : Clusters
        Clusters among at least those pixels.

    Returns
    -------
    NetGrowth
        Slopes and steps with their errors.
    """
    model, slope = Model.of(states, line, clusters), line.last_slope()
    count, weights = states.count(), model.weights()
    excess = model.excess(count)
    linear = slope @ np.linalg.pinv(model.design)
    values, at = weights @ count, slice(2, 2 + len(line.steps))
    uncertain = np.sqrt(np.diag(weights @ model.covariance @ weights.T))
    return NetGrowth(
        count=count,
        per_month=float(slope @ values),
        error=excess * _error(states, slope @ weights, line.months, clusters),
        linear=float(linear @ count),
        linear_error=excess * _error(states, linear, line.months, clusters),
        fitted=model.design @ values,
        steps=values[at],
        step_errors=excess * uncertain[at],
        excess=excess,
    )


def _error(
    states: States, weights: NDArray[np.float64], months: NDArray[np.float64], clusters: Clusters
) -> float:
    """Return the standard error of weighted counts, at least that of a single birth."""
    variance = clusters.square_sum(*states.weigh(weights))
    return max(float(np.sqrt(variance)), 1.0 / float(months[-1]))


def _variances(
    states: States, months: NDArray[np.float64], breaks: tuple[int, ...]
) -> tuple[float, NDArray[np.float64]]:
    """
    Separate events from flicker, pixel by pixel.

    A pixel that flickers goes back as it came: successive changes of such pixels have opposite
    signs, and minus their product is the variance. After an event nothing changes.

    Returns
    -------
    events : float
        Pixels that turn hot or cold for good, per month.
    flicker : ndarray of float, shape (m,)
        Variance of each count in addition to that.
    """
    square, next_, second = (states.products(lag) for lag in (0, 1, 2))
    flicker = square[1:-1] + second - next_[:-1] - next_[1:]
    # An epoch with a method of its own differs from the epochs on both sides for another reason.
    usual = [index for index in range(1, months.size - 1) if not {index, index + 1} <= {*breaks}]
    mean = max(float(np.mean(flicker[np.array(usual) - 1])), 0.0) if usual else 0.0
    every = np.full(months.size, mean)
    if usual:
        every[usual] = np.maximum(flicker[np.array(usual) - 1], 0.0)
    changed = square[:-1] + square[1:] - 2 * next_ - every[:-1] - every[1:]
    same = [index for index in range(months.size - 1) if index + 1 not in breaks]
    events = float(changed[same].sum()) / float(np.diff(months)[same].sum())
    return max(events, 1.0 / float(months[-1])), every
