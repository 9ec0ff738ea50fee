"""Text that a FITS header can hold."""

from __future__ import annotations

import unicodedata

__all__ = ["in_ascii"]


def in_ascii(text: str) -> str:
    r"""
    Spell a text in printable ASCII, which is all that FITS headers hold.

    Parameters
    ----------
    text : str
        Any text, such as the name of a file.

    Returns
    -------
    str
        Letters without their accents; whatever is left as Python writes it, such as ``\u03b1``.
        Printable ASCII is returned as it is.
    """
    parts = unicodedata.normalize("NFKD", text)
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return "".join(
        part if " " <= part <= "~" else part.encode("unicode_escape").decode() for part in plain
    )
