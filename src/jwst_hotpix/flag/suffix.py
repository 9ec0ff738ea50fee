"""The suffix of the step's products, which the suffix tools of jwst do not recognize."""

from __future__ import annotations

import re

__all__ = ["SUFFIX", "remove_suffix"]

SUFFIX = "hotpix"

_OURS = re.compile(rf"(?P<root>.+)(?P<separator>[_-]){SUFFIX}")


def remove_suffix(name: str) -> tuple[str, str]:
    """
    Remove the suffix of a product, ours or one of jwst.

    Parameters
    ----------
    name : str
        File name without its extension.

    Returns
    -------
    root, separator : str
        As from `jwst.lib.suffix.remove_suffix`, whose list of suffixes is built from the jwst steps
        alone and cannot be extended.
    """
    from jwst.lib.suffix import remove_suffix as remove_known

    ours = _OURS.fullmatch(name)
    root, separator = ours.group("root", "separator") if ours else remove_known(name)
    return str(root), str(separator)
