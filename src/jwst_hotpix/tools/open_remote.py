"""Open remote files: https with requests, all other addresses with fsspec."""

from __future__ import annotations

from jwst_hotpix.tools.fsspec_file import FsspecFile
from jwst_hotpix.tools.http_file import HttpFile
from jwst_hotpix.tools.remote_file import RemoteFile

__all__ = ["open_remote"]


def open_remote(uri: str) -> RemoteFile:
    """
    Find a remote file; at most its first bytes are downloaded.

    Parameters
    ----------
    uri : str
        ``https://…`` or ``http://…``; any other address that fsspec understands, such as
        ``s3://…``, with the credentials of its backend.

    Returns
    -------
    RemoteFile

    Raises
    ------
    FetchError
        When there is no such file, access is denied, the server cannot be reached or sends
        something else, or the library for such addresses is not installed.
    """
    if uri.startswith(("http://", "https://")):
        return HttpFile(uri)
    return FsspecFile(uri)
