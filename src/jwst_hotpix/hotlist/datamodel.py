"""The datamodel of a hot pixel list."""

from __future__ import annotations

from stdatamodels.jwst.datamodels import ReferenceFileModel

from jwst_hotpix.hotlist.schema import REFTYPE, SCHEMA

__all__ = ["HotPixModel"]


class HotPixModel(ReferenceFileModel):  # type: ignore[misc]
    """
    A hot pixel list (reftype HOTPIX) as pipeline and CRDS see it.

    Attributes
    ----------
    pixels
        Arrays of one length, one for each name in `jwst_hotpix.hotlist.pixellist.COLUMNS`.
    meta.hotpix
        How the list was made.
    """

    schema_url = f"asdf://jwst-hotpix.readthedocs.io/schemas/{SCHEMA}"
    reftype = REFTYPE

    def get_primary_array_name(self) -> str:
        """Name no primary array: the columns do not have the shape of an image."""
        return ""
