"""The datamodel of a hot pixel list."""

from __future__ import annotations

from typing import Any

import yaml
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


def _named(dumper: Any, model: HotPixModel) -> Any:
    return dumper.represent_str(str(model.meta.filename or type(model).__name__))


# stpipe logs the parameters of a step, and its hooks, as YAML. An open file has no such form, and
# the name of the list is what the reader of a log needs.
yaml.add_multi_representer(HotPixModel, _named)
