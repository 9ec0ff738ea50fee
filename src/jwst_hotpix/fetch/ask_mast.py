"""Queries to MAST with astroquery: transient failures are retried, others are errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.tools.patience import TransientError, patience, transient

__all__ = ["ask_mast", "mast_error"]

# Keywords of exposures by file: https://mast.stsci.edu/api/v0/_jwst_inst_keywd.html
_SERVICE = "Mast.Jwst.Filtered.Nirspec"

# Pages have 50 000 rows, and MAST has some million files of NIRSpec.
_MOST_REQUESTS = 1000

_NO_ANSWER = "MAST returned a web page, or something else, instead of an answer"


def ask_mast(
    columns: Sequence[str], filters: Sequence[Mapping[str, Any]]
) -> tuple[list[Mapping[str, Any]], str]:
    """
    Ask MAST for the keywords of NIRSpec files.

    Parameters
    ----------
    columns : sequence of str
        Names of the keywords.
    filters : sequence of mapping
        ``paramName`` and ``values``, as documented by the service.

    Returns
    -------
    rows : list of mapping
        The keywords of one file per row, from all pages.
    server : str
        Address of the server that was queried, from astroquery's configuration.

    Raises
    ------
    FetchError
        When astroquery is not installed, or MAST cannot be reached, refuses, or does not return
        JSON.
    """
    mast, server = _client()
    wanted = {"columns": ",".join(columns), "filters": list(filters)}
    return _asked(lambda: mast.service_request_async(_SERVICE, wanted)), server


def mast_error(sentence: str) -> FetchError:
    """
    Return the error for a failed search.

    Parameters
    ----------
    sentence : str
        What is wrong.

    Returns
    -------
    FetchError
    """
    return FetchError("MAST", expected="a list of files", found=sentence, sentence=sentence)


def _client() -> tuple[Any, str]:
    """Return astroquery's client, and the server that its configuration names."""
    try:
        from astroquery.mast import MastClass, conf
    except ImportError as error:
        raise FetchError(
            "astroquery", expected="installed", found="missing",
            sentence="searching MAST needs astroquery: pip install astroquery",
        ) from error  # fmt: skip
    mast = MastClass()
    session = mast._session  # noqa: SLF001 (nowhere public)
    ask, numbers = session.request, iter(range(_MOST_REQUESTS))

    def request(*args: Any, **options: Any) -> Any:
        # astroquery itself would wait forever for a stalled server, and ask for the next page as
        # often as there is said to be one.
        if next(numbers, None) is None:
            raise mast_error(f"MAST has not answered completely after {_MOST_REQUESTS} requests")
        return ask(*args, **{**options, "timeout": patience().timeout})

    session.request = request
    return mast, str(conf.server)


def _asked(request: Callable[[], Iterable[Any]]) -> list[Mapping[str, Any]]:
    """Send the query, repeat it after transient failures, and return the rows of all pages."""
    limits, failures = patience(), 0
    while True:
        try:
            return _rows(request)
        except TransientError as error:
            failures += 1
            if failures > limits.retries or error.unreachable:
                raise mast_error(str(error)) from None
            limits.pause(failures, error.wait)


def _rows(request: Callable[[], Iterable[Any]]) -> list[Mapping[str, Any]]:
    pages = _pages(request)
    for page in pages:
        if not isinstance(page, dict) or page.get("status") != "COMPLETE":
            said = page.get("msg") if isinstance(page, dict) else None
            raise mast_error(f"MAST refused the search: {said or 'no reason given'}")
    rows = [row for page in pages for row in _list_in(page)]
    if not all(isinstance(row, dict) for row in rows):
        raise mast_error("MAST answered in an unknown format (rows without names)")
    return rows


def _pages(request: Callable[[], Iterable[Any]]) -> list[Any]:
    import requests

    try:
        return [answer.json() for answer in request()]
    except requests.exceptions.JSONDecodeError:
        raise mast_error(_NO_ANSWER) from None
    except requests.exceptions.HTTPError as error:
        raise _refusal(error) from None
    except requests.exceptions.ConnectTimeout:
        raise TransientError("MAST cannot be reached", unreachable=True) from None
    except (TimeoutError, requests.exceptions.Timeout):
        raise TransientError(f"MAST sent nothing for {patience().timeout:g} s") from None
    except requests.exceptions.ConnectionError as error:
        is_cut = "NewConnectionError" not in str(error) and "Resolution" not in str(error)
        reason = "MAST cut the connection" if is_cut else "MAST cannot be reached: no network?"
        raise TransientError(reason, unreachable=not is_cut) from None
    except requests.exceptions.RequestException as error:
        raise TransientError(f"MAST: {type(error).__name__}") from None
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        # astroquery takes any JSON for an answer, and looks for the number of pages in it.
        raise mast_error(_NO_ANSWER) from None


def _list_in(page: Mapping[str, Any]) -> list[Any]:
    rows = page.get("data") or []
    if not isinstance(rows, list):
        raise mast_error(f"MAST answered in an unknown format ({type(rows).__name__} for rows)")
    return rows


def _refusal(error: Any) -> Exception:
    code = error.response.status_code
    reason = f"MAST answers {error.response.reason} (HTTP {code})"
    return transient(reason, code, error.response.headers) or mast_error(reason)
