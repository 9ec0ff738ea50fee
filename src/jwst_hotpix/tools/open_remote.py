"""Files elsewhere: https by requests, all other addresses by fsspec."""

from __future__ import annotations

from jwst_hotpix.tools.fsspec_file import FsspecFile
from jwst_hotpix.tools.http_file import HttpFile
from jwst_hotpix.tools.remote_file import RemoteFile

__all__ = ["open_remote"]


def open_remote(uri: str) -> RemoteFile:
    """
    Find a file elsewhere; of its content nothing travels, or no more than a first block.

    Parameters
    ----------
    uri : str
        ``https://…`` or ``http://…``; any other address that fsspec understands, such as
        ``s3://…``, with what fsspec and its backend know of credentials.

    Returns
    -------
    RemoteFile

    Raises
    ------
    FetchError
        When it is not there, access is denied, the server cannot be reached or sends something
        else, or the library for such addresses is not installed.
    """
    if uri.startswith(("http://", "https://")):
        return HttpFile(uri)
    return FsspecFile(uri)
