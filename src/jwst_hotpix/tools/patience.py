"""Timeouts and retries for requests to servers."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Patience", "TransientError", "patience", "transient"]

# Seconds, and retries of one request, unless set in the environment.
_TIMEOUT, _RETRIES = 60.0, 4
# Answers of servers that may be transient (RFC 9110).
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}


class TransientError(Exception):
    """
    A transient failure: a retry may succeed.

    Parameters
    ----------
    reason : str
        What to report if no retry succeeds.
    wait : float
        Seconds that the server asks to wait; 0 if it does not.
    unreachable : bool
        Whether there was no connection at all.
    """

    def __init__(self, reason: str, wait: float = 0.0, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.wait, self.unreachable = wait, unreachable


def transient(reason: str, code: int, headers: Mapping[str, str]) -> TransientError | None:
    """Return the error for an answer that a retry may change; None for one that is final."""
    if code not in _TRANSIENT:
        return None
    asked = headers.get("Retry-After", "")
    return TransientError(reason, float(asked) if re.fullmatch("[0-9]{1,9}", asked) else 0.0)


@dataclass(frozen=True)
class Patience:
    """
    Timeout and number of retries.

    Attributes
    ----------
    timeout : float
        Seconds to wait for a connection, or for the next byte.
    retries : int
        How often to repeat a request after transient failures.
    """

    timeout: float
    retries: int

    def pause(self, repetition: int, asked: float = 0.0) -> None:
        """
        Wait before a retry: twice as long each time, starting from a sixtieth of the timeout.

        Parameters
        ----------
        repetition : int
            1 for the first.
        asked : float
            Seconds that the server asked to wait, at most the timeout.
        """
        time.sleep(min(max(self.timeout / 60 * 2 ** (repetition - 1), asked), self.timeout))


def patience() -> Patience:
    """
    Return the limits set in the environment.

    Returns
    -------
    Patience
        From JWST_HOTPIX_TIMEOUT (seconds) and JWST_HOTPIX_RETRIES; 60 s and 4 if these are unset or
        not usable numbers.
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
