"""Which stars of a batch of exposures were hit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jwst_hotpix.exceptions import HotPixError, naming, reason_of
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.target_acq.hits_in_stamps import AcquisitionHits, find_hits
from jwst_hotpix.target_acq.signal_in_groups import READ_NOISE
from jwst_hotpix.target_acq.ta_flat import TaFlat
from jwst_hotpix.tools.terminal import Table

__all__ = ["FilesHits", "find_hits_in_files"]


@dataclass(frozen=True, eq=False, kw_only=True)
class FilesHits:
    """
    The hot pixels in the stamps of some exposures.

    Attributes
    ----------
    hits : tuple of AcquisitionHits
        One per exposure that could be used.
    rejected : dict of str to str
        Why each of the others could not be used, by the file as the user named it; the reason
        names it too.
    """

    hits: tuple[AcquisitionHits, ...]
    rejected: Mapping[str, str]

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Return all of it, ready for JSON."""
        rejected = [{"file": file, "reason": reason} for file, reason in self.rejected.items()]
        return {"exposures": [one.to_dict() for one in self.hits], "rejected": rejected}

    def tables(self) -> Iterator[Table]:
        """Yield a table per exposure that could be used."""
        return (one.table() for one in self.hits)


def find_hits_in_files(
    paths: Sequence[Path],
    lists: Sequence[PixelList],
    flat: TaFlat,
    read_noise: float = READ_NOISE,
) -> FilesHits:
    """
    Find the hot pixels in the stamps of exposures; one that cannot be used stops no other.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Raw exposures, as `read_acquisition` takes them.
    lists : sequence of PixelList
        Whole lists, one per detector.
    flat : TaFlat
        The TA flat that was in use.
    read_noise : float
        DN per read.

    Returns
    -------
    FilesHits
        Hits by exposure, and the exposures that could not be used.
    """
    if not paths:
        return FilesHits(hits=(), rejected={})
    # With astropy, which only exposures need.
    from jwst_hotpix.target_acq.acquisition_file import read_acquisition

    hits, rejected = [], {}
    for path in paths:
        try:
            with naming(path):
                acquisition = read_acquisition(path)
                new = [flat.unknown(pixels, acquisition.epoch) for pixels in lists]
                hits.append(find_hits(acquisition, new, read_noise))
        except (HotPixError, OSError) as error:
            rejected[str(path)] = reason_of(error)
    return FilesHits(hits=tuple(hits), rejected=rejected)
