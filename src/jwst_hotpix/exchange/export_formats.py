"""The formats that a list can be exported to: what each needs, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from jwst_hotpix.exceptions import MissingListError
from jwst_hotpix.exchange import export_list
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.tools.dates import epoch_of

# Exposures and masks take a second to import, and regions and tables do without.
if TYPE_CHECKING:
    from jwst_hotpix.exposure.on_disk import ExposureFile
    from jwst_hotpix.flag.targets import Targets

__all__ = ["EXPORT_FORMATS", "ExportFormat", "Request"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Request:
    """
    What is to be exported.

    Attributes
    ----------
    pixels : PixelList
        The list.
    epoch : float, optional
        MJD (UTC), given as any `Date`: export what is hot then. By default what is hot at the
        exposure given, else at the last dark of the list; regions and tables then hold all entries.
    threshold : float, optional
        DN/s; only entries above it are flagged. By default the list's own.
    neighbors : str
        Which neighbors are flagged with their centers: ``"none"`` or ``"threshold"``.
    base, like : pathlib.Path, optional
        A MASK reference; an exposure that gives frame and date.
    """

    pixels: PixelList
    epoch: float | None = None
    threshold: float | None = None
    neighbors: str = "threshold"
    base: Path | None = None
    like: Path | None = None

    def __post_init__(self) -> None:
        # A frozen dataclass offers no other way to normalize its own fields.
        object.__setattr__(self, "epoch", epoch_of(self.epoch))

    def entries(self) -> PixelList:
        """Return all entries, or those that are hot at the epoch where one is given."""
        if self.epoch is None:
            return self.pixels
        return self.pixels.select(self.pixels.active(self.epoch))

    def exposure(self) -> ExposureFile:
        """Read the headers of the exposure given; it must show the detector of the list."""
        from jwst_hotpix.exposure.on_disk import read_exposure

        exposure = read_exposure(str(self.like))
        self.pixels.require(exposure.detector.name)
        return exposure

    def targets(self, epoch: float | None = None) -> Targets:
        """
        Choose the pixels to flag, full frame.

        Parameters
        ----------
        epoch : float, optional
            MJD (UTC) where the request names none; else that of the last dark.

        Raises
        ------
        MissingListError
            When the list has no date either.
        """
        from jwst_hotpix.flag.targets import Neighbors, Policy, active_targets

        epochs = (self.epoch, epoch, self.pixels.provenance.known_until)
        chosen = next((known for known in epochs if known is not None), None)
        if chosen is None:
            sentence = "the list has no date of its last dark: give --at DATE"
            raise MissingListError("date", expected="--at", found="none", sentence=sentence)
        policy = Policy(threshold=self.threshold, neighbors=Neighbors(self.neighbors))
        return active_targets(self.pixels, chosen, policy)


@dataclass(frozen=True, kw_only=True)
class ExportFormat:
    """
    A format that lists can be exported to.

    Attributes
    ----------
    text : str
        What it is, in a few words.
    write : callable
        Takes a `Request` and a path, writes the file, returns the number of pixels in it.
    needs, takes : frozenset of str
        Fields of the request that must be given, and that may be given as well.
    """

    text: str
    write: Callable[[Request, Path], int]
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset({"epoch"})


def _mask(request: Request, path: Path) -> int:
    from jwst_hotpix.masks.write_mask import export_mask

    return export_mask(request.pixels, request.targets(), str(request.base), path)


def _user_dq(request: Request, path: Path) -> int:
    exposure = request.exposure()
    return export_list.export_user_dq(request.targets(exposure.epoch), exposure.frame, path)


def _npy(request: Request, path: Path) -> int:
    from jwst_hotpix.exchange.pipeline_files import export_npy
    from jwst_hotpix.masks.of_exposure import Masks

    exposure = request.exposure()
    mask = Masks([] if request.base is None else [request.base]).of(exposure)
    return export_npy(request.targets(exposure.epoch), exposure.frame, mask, path)


def _msaexp(request: Request, path: Path) -> int:
    from jwst_hotpix.exchange.pipeline_files import export_msaexp

    return export_msaexp(request.pixels, request.targets(), path)


_POLICY = frozenset({"epoch", "threshold"})
EXPORT_FORMATS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        "mask": ExportFormat(
            text="a MASK reference", write=_mask, needs=frozenset({"base"}), takes=_POLICY
        ),
        "user-dq": ExportFormat(
            text="an image for dq_init.user_supplied_dq",
            write=_user_dq,
            needs=frozenset({"like"}),
            takes=_POLICY,
        ),
        "npy": ExportFormat(
            text="a hot_pixel_map of exoTEDRF",
            write=_npy,
            needs=frozenset({"like"}),
            takes=_POLICY | {"base"},
        ),
        "msaexp": ExportFormat(text="a bad pixel list of msaexp", write=_msaexp, takes=_POLICY),
        "ds9": ExportFormat(
            text="DS9 regions",
            write=lambda request, path: export_list.export_ds9(request.entries(), path),
        ),
        "ecsv": ExportFormat(
            text="an ECSV table",
            write=lambda request, path: export_list.export_ecsv(request.entries(), path),
        ),
    }
)
