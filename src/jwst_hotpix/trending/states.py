"""Which pixels were hot in which epoch: the sparse matrix that all counts and errors come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.crosses import Coupling, cross, is_lit
from jwst_hotpix.instrument.frames import flat, unflat
from jwst_hotpix.ledger.sightings import Sightings

__all__ = ["States", "find_arms", "states_of"]


@dataclass(frozen=True, eq=False, kw_only=True)
class States:
    """
    The pixels above one threshold, epoch by epoch; sorted by pixel, then epoch.

    Attributes
    ----------
    n_epochs : int
        Number of epochs.
    pixel : ndarray of int32, shape (n,)
        ``y * columns + x``, full frame, zero-based.
    epoch : ndarray of int, shape (n,)
        Index of the epoch. No pair (pixel, epoch) occurs twice.
    share : ndarray of float, shape (n,)
        Fraction of the epoch's darks that saw the pixel hot, of those that could see it: 1 except
        for flickering pixels, cosmic-ray hits, and epochs that could not see the pixel at all,
        which get the mean of the epochs before and after.
    """

    n_epochs: int
    pixel: NDArray[np.int32]
    epoch: NDArray[np.intp]
    share: NDArray[np.float64]

    def count(self) -> NDArray[np.float64]:
        """
        Count the hot pixels of each epoch.

        Returns
        -------
        ndarray of float, shape (n_epochs,)
            Sum of the shares: a pixel hot in half of the darks counts as half a pixel.
        """
        total = np.bincount(self.epoch, self.share, minlength=self.n_epochs)
        return total.astype(np.float64)

    def at(self, epoch: int) -> NDArray[np.int32]:
        """Return the pixels that were hot in an epoch, sorted."""
        there: NDArray[np.int32] = self.pixel[self.epoch == epoch]
        return there

    def weigh(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """
        Sum the shares of each pixel over the epochs, weighted.

        Parameters
        ----------
        weights : ndarray of float, shape (n_epochs,)
            Weight of each epoch.

        Returns
        -------
        pixel : ndarray of int32, shape (k,)
            Sorted, each once.
        total : ndarray of float, shape (k,)
            What each adds to ``weights @ count()``.
        """
        first = np.flatnonzero(np.diff(self.pixel, prepend=-1))
        if not first.size:
            return self.pixel, self.share
        return self.pixel[first], np.add.reduceat(self.share * weights[self.epoch], first)

    def products(self, lag: int) -> NDArray[np.float64]:
        """
        Sum the products of the shares of two epochs a lag apart over all pixels.

        Parameters
        ----------
        lag : int
            Number of epochs between the two: 0, 1 or 2.

        Returns
        -------
        ndarray of float, shape (n_epochs - lag,)
            By the earlier of the two epochs.
        """
        total = np.zeros(self.n_epochs)
        # As the pixels are sorted, the epoch a lag later is at most that many rows further down.
        for step in range(lag + 1):
            end = self.pixel.size - step
            pair = (self.pixel[step:] == self.pixel[:end]) & (
                self.epoch[step:] == self.epoch[:end] + lag
            )
            both = (self.share[step:] * self.share[:end])[pair]
            total += np.bincount(self.epoch[:end][pair], both, minlength=self.n_epochs)
        return total[: self.n_epochs - lag]


def find_arms(darks: Sightings, coupling: Coupling) -> NDArray[np.bool_]:
    """
    Find the pixels of each dark that are only lit by a neighbor.

    Parameters
    ----------
    darks : Sightings
        Darks with ``n`` rows in all.
    coupling : Coupling
        Inter-pixel coupling of the darks.

    Returns
    -------
    ndarray of bool, shape (n,)
        Rows whose rate the four neighbors in the same dark account for.
    """
    shape = darks.detector.shape
    image = np.zeros(shape[0] * shape[1], dtype=np.float32)
    arms = np.zeros(darks.pixel.size, dtype=bool)
    # numpy uses a radix sort for 16 bits.
    order = np.argsort(darks.dark.astype(np.uint16), kind="stable")
    # One image for all darks, cleared where it was written: few pixels of it are ever used.
    for row in np.split(order, np.cumsum(np.bincount(darks.dark, minlength=darks.epoch.size))[:-1]):
        place = darks.pixel[row]
        image[place] = darks.rate[row]
        beside_y, beside_x, pixel = cross(*unflat(place, shape), shape)
        around = np.zeros(row.size, dtype=np.float32)
        np.add.at(around, pixel, image[flat(beside_y, beside_x, shape)])
        arms[row] = is_lit(darks.rate[row], darks.error[row], around, coupling)
        image[place] = 0
    return arms


def states_of(
    darks: Sightings, selections: Sequence[NDArray[np.bool_]], epoch_of: NDArray[np.intp]
) -> tuple[States, ...]:
    """
    Combine darks into epochs: which pixels were hot in which.

    Parameters
    ----------
    darks : Sightings
        ``m`` darks with ``n`` rows in all.
    selections : sequence of ndarray of bool, shape (n,)
        Rows that count as hot, for each of the results.
    epoch_of : ndarray of int, shape (m,)
        Epoch of each dark: 0, 1, ... in order of time; -1 excludes it.

    Returns
    -------
    tuple of States
        One per selection.
    """
    n = int(epoch_of.max()) + 1
    darks_of = np.bincount(epoch_of[epoch_of >= 0], minlength=n)
    some = np.logical_or.reduce(selections) & (epoch_of >= 0)[darks.dark]
    key = darks.pixel[some].astype(np.int64) * n + epoch_of[darks.dark[some]]
    blind = _blind(darks, key // n, epoch_of, n)
    return tuple(_states(key[rows[some]], darks_of, *blind) for rows in selections)


def _states(
    key: NDArray[np.int64],
    darks_of: NDArray[np.intp],
    blind_key: NDArray[np.int64],
    blind: NDArray[np.intp],
) -> States:
    """Return the fraction of hot darks by (pixel, epoch), of those that could see the pixel."""
    n = darks_of.size
    key, hot = _runs(key)
    place, known = _find(key, blind_key)
    seen = darks_of[key % n].astype(np.float64)
    seen[place[known]] -= blind[known]
    share = hot / np.maximum(seen, hot)
    key, share = _fill(key, share, blind_key[blind >= darks_of[blind_key % n]], n)
    pixel, epoch = np.divmod(key, n)
    return States(
        n_epochs=n, pixel=pixel.astype(np.int32), epoch=epoch.astype(np.intp), share=share
    )


def _runs(key: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return the distinct values of sorted keys, and how often each occurs."""
    first = np.flatnonzero(np.diff(key, prepend=-1))
    return key[first], np.diff(np.append(first, key.size))


def _find(
    key: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Look up keys among sorted ones: where each is or would be, and whether it is there."""
    place = np.searchsorted(key, wanted)
    there = place < key.size
    there[there] = key[place[there]] == wanted[there]
    return place, there


def _blind(
    darks: Sightings, pixels: NDArray[np.int64], epoch_of: NDArray[np.intp], n: int
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Count the darks that could not see a pixel, by (pixel, epoch)."""
    rows, columns = darks.detector.shape
    ever_hot = np.zeros(rows * columns, dtype=bool)
    ever_hot[pixels] = True
    row = ever_hot[darks.unseen_pixel] & (epoch_of >= 0)[darks.unseen_dark]
    epoch = epoch_of[darks.unseen_dark[row]]
    return _runs(darks.unseen_pixel[row].astype(np.int64) * n + epoch)


def _fill(
    key: NDArray[np.int64], share: NDArray[np.float64], hidden: NDArray[np.int64], n: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Fill in the mean of the epochs before and after where a whole epoch could not see a pixel."""
    pixel, times = _runs(hidden // n)
    of, epoch = np.repeat(np.arange(pixel.size), times), hidden % n
    shares, blind = np.zeros((pixel.size, n)), np.zeros((pixel.size, n), dtype=bool)
    place, here = _find(pixel, key // n)
    shares[place[here], key[here] % n] = share[here]
    blind[of, epoch] = True
    index = np.arange(n)
    before = np.maximum.accumulate(np.where(blind, -1, index), axis=1)[of, epoch]
    after = np.minimum.accumulate(np.where(blind, n, index)[:, ::-1], axis=1)[:, ::-1][of, epoch]
    # At either end there is only one of them; a pixel that was never seen is not hot.
    ends = np.stack([np.where(before < 0, after, before), np.where(after == n, before, after)])
    known = (ends >= 0) & (ends < n)
    value = np.where(known, shares[of, np.clip(ends, 0, n - 1)], 0.0).mean(axis=0)
    new, value = hidden[value > 0], value[value > 0]
    where = np.searchsorted(key, new)
    return np.insert(key, where, new), np.insert(share, where, value)
