"""Ask the CRDS client: which reference its context selects for an exposure, and for the file."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from jwst_hotpix.exceptions import HotPixError, first_line
from jwst_hotpix.tools.patience import patience

__all__ = ["CRDS", "CrdsClient", "CrdsSilentError", "asking", "name_in", "parameters_of"]

#: How headers begin the name of a reference that CRDS served.
CRDS = "crds://"

# Variable with the timeout of the client, and its default, which the client sets itself.
_TIMEOUT, _AN_HOUR = "CRDS_CLIENT_TIMEOUT_SECONDS", "3600"

log = logging.getLogger(f"stpipe.{__name__}")

# What rules ask of an exposure (CRDS, parkeys of the rmaps), and where a FITS header has it.
_PARAMETERS = {
    "META.INSTRUMENT.NAME": "INSTRUME",
    "META.INSTRUMENT.DETECTOR": "DETECTOR",
    "META.INSTRUMENT.FILTER": "FILTER",
    "META.INSTRUMENT.GRATING": "GRATING",
    "META.EXPOSURE.TYPE": "EXP_TYPE",
    "META.EXPOSURE.READPATT": "READPATT",
    "META.SUBARRAY.NAME": "SUBARRAY",
    "META.SUBARRAY.XSTART": "SUBSTRT1",
    "META.SUBARRAY.YSTART": "SUBSTRT2",
    "META.SUBARRAY.XSIZE": "SUBSIZE1",
    "META.SUBARRAY.YSIZE": "SUBSIZE2",
    "META.OBSERVATION.DATE": "DATE-OBS",
    "META.OBSERVATION.TIME": "TIME-OBS",
}


def parameters_of(header: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what CRDS needs to know of an exposure to select its references.

    Parameters
    ----------
    header : mapping
        The primary header.

    Returns
    -------
    dict of str to (str, int or float)
        By the names of the rules, such as ``"META.EXPOSURE.READPATT"``; without what is missing.
    """
    return {name: header[keyword] for name, keyword in _PARAMETERS.items() if keyword in header}


def name_in(text: str) -> str:
    """
    Return the file name in a reference as headers give it.

    Parameters
    ----------
    text : str
        ``"crds://jwst_nirspec_mask_0057.fits"``, or the bare name.

    Returns
    -------
    str
        The name without ``crds://``.
    """
    return text.removeprefix(CRDS)


class CrdsSilentError(Exception):
    """
    The CRDS client failed.

    Parameters
    ----------
    reason : str
        The cause, in one line.
    is_unset : bool
        Whether neither a cache nor a server is configured.
    """

    def __init__(self, reason: str, *, is_unset: bool = False) -> None:
        super().__init__(reason)
        self.is_unset = is_unset


@contextmanager
def asking() -> Iterator[None]:
    """
    Suppress the logs of the CRDS client in the block, and turn its errors into one.

    The client waits for its server no longer than other requests do, unless the user has set
    CRDS_CLIENT_TIMEOUT_SECONDS.

    Raises
    ------
    CrdsSilentError
        For any error of the client, including SystemExit, and of the system.
    """
    from crds.core.exceptions import CrdsError

    logger = logging.getLogger("CRDS")
    was_disabled, logger.disabled = logger.disabled, True
    before = os.environ.get(_TIMEOUT, _AN_HOUR)
    if before == _AN_HOUR:
        os.environ[_TIMEOUT] = str(max(round(patience().timeout), 1))
    try:
        yield
    except SystemExit:
        reason = "no CRDS cache or server is configured (CRDS_PATH, CRDS_SERVER_URL)"
        raise CrdsSilentError(reason, is_unset=True) from None
    except (CrdsError, OSError) as error:
        raise CrdsSilentError(first_line(error)) from error
    finally:
        logger.disabled = was_disabled
        os.environ[_TIMEOUT] = before


class CrdsClient:
    """
    The CRDS client, asked for references of one type.

    What it logs while asked is dropped, and what it raises, the end of the interpreter included,
    becomes one error. That there is no context is found once: each time may wait for a server.

    Parameters
    ----------
    reftype : str
        E.g. ``"mask"``.
    error : type of HotPixError
        What to raise.
    """

    def __init__(self, reftype: str, error: type[HotPixError]) -> None:
        self.reftype = reftype
        self._error = error

    def serves(self, instrument: str) -> bool:
        """
        Whether the context in use has rules for references of this type.

        The client logs an error when it is asked for a type that the context does not know, so
        look first.

        Parameters
        ----------
        instrument : str
            E.g. ``"NIRSPEC"``.

        Returns
        -------
        bool
            False also where there is no CRDS at all.
        """
        if self._no_context is not None:
            log.debug("No CRDS context: %s", self._no_context)
            return False
        import crds
        from stpipe.crds_client import get_context_used

        try:
            with self._asking():
                context = crds.get_symbolic_mapping(get_context_used("jwst"), observatory="jwst")
                return self.reftype in context.get_imap(instrument).get_filekinds()
        except HotPixError as error:
            log.debug("No rules of CRDS for %s: %s", instrument, error)
            return False

    def recommend(self, parameters: Mapping[str, Any]) -> str | None:
        """
        Name the reference that the context in use selects for an exposure; nothing is fetched.

        Parameters
        ----------
        parameters : mapping
            From `parameters_of`.

        Returns
        -------
        str or None
            File name; None where the context has no reference for the exposure.

        Raises
        ------
        HotPixError
            As ``error``, when there is no context to ask.
        """
        if self._no_context is not None:
            raise self._no_context
        import crds

        with self._asking():
            # Every call but the first takes a quarter of a millisecond: the rules stay in memory.
            found = crds.getrecommendations(
                dict(parameters), reftypes=[self.reftype], observatory="jwst"
            )
        name = str(found.get(self.reftype, ""))
        return name if Path(name).suffix in {".fits", ".asdf"} else None

    def fetch(self, name: str) -> Path:
        """
        Find a reference in the CRDS cache; the client fetches it if it can, as in a pipeline.

        Parameters
        ----------
        name : str
            File name, also as ``crds://`` URI.

        Returns
        -------
        Path
            Where the file lies in the cache.

        Raises
        ------
        HotPixError
            As ``error``, when it is not in the cache and cannot be fetched.
        """
        # crds takes a while to import; only those who need a reference of CRDS wait for it.
        import crds
        from crds.client import api
        from crds.core.crds_cache_locking import get_cache_lock
        from stpipe.crds_client import get_context_used

        name = name_in(name)
        with self._asking(name):
            path = Path(crds.locate_file(name, "jwst"))
            if not path.is_file():
                with get_cache_lock():
                    api.dump_references(get_context_used("jwst"), [name])
        return path

    @cached_property
    def _no_context(self) -> HotPixError | None:
        """Why CRDS cannot be asked."""
        from stpipe.crds_client import get_context_used

        try:
            with self._asking():
                get_context_used("jwst")
        except HotPixError as error:
            return error
        return None

    @contextmanager
    def _asking(self, name: str = "") -> Iterator[None]:
        """Translate errors; ``name`` is the reference that is asked for, if it is known."""
        what = name or f"the {self.reftype.upper()}"
        try:
            with asking():
                yield
        except CrdsSilentError as error:
            sentence = f"cannot get {what}: {error}"
            if name and not error.is_unset:
                sentence = (
                    f"{name} is not in the CRDS cache and cannot be downloaded; fetch it where "
                    f"there is a network (crds sync --files {name}), or set CRDS_SERVER_URL"
                )
            raise self._cannot_get(what, str(error), sentence) from error

    def _cannot_get(self, what: str, found: str, sentence: str) -> HotPixError:
        return self._error(what, expected="one from CRDS", found=found, sentence=sentence)
