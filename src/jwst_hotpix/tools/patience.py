"""How long to wait for a server, and how often to ask again."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

__all__ = ["PassingError", "Patience", "patience"]

# Seconds, and repetitions of one request, unless the environment asks for others.
_TIMEOUT, _RETRIES = 60.0, 4


class PassingError(Exception):
    """
    A failure that may have passed when one asks again.

    Parameters
    ----------
    reason : str
        What to report if it does not.
    wait : float
        Seconds for which the server asks to be left alone; 0 if it does not.
    unreachable : bool
        There was no connection at all.
    """

    def __init__(self, reason: str, wait: float = 0.0, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.wait, self.unreachable = wait, unreachable


@dataclass(frozen=True)
class Patience:
    """
    Limits of waiting.

    Attributes
    ----------
    timeout : float
        Seconds to wait for a connection, or for the next byte.
    retries : int
        How often to repeat a request that failed in passing.
    """

    timeout: float
    retries: int

    def pause(self, repetition: int, asked: float = 0.0) -> None:
        """
        Wait before a repetition: twice as long each time, from a sixtieth of the timeout on.

        Parameters
        ----------
        repetition : int
            1 for the first.
        asked : float
            Seconds that the server asked for; more than the timeout is not granted.
        """
        time.sleep(min(max(self.timeout / 60 * 2 ** (repetition - 1), asked), self.timeout))


def patience() -> Patience:
    """
    Return the limits that the environment sets.

    Returns
    -------
    Patience
        By JWST_HOTPIX_TIMEOUT (seconds) and JWST_HOTPIX_RETRIES; 60 s and 4 by default, and where
        these hold no usable numbers.
    """
    timeout = _number("JWST_HOTPIX_TIMEOUT", _TIMEOUT)
    retries = _number("JWST_HOTPIX_RETRIES", _RETRIES)
    return Patience(timeout=timeout or _TIMEOUT, retries=min(int(retries), 20))


def _number(name: str, default: float) -> float:
    try:
        number = float(os.environ[name])
    except (KeyError, ValueError):
        return default
    return number if 0 <= number < float("inf") else default
