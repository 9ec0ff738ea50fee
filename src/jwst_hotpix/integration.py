"""Entry points of stpipe and asdf, which both call at start-up: nothing heavy is imported here."""

from __future__ import annotations

from typing import Any

__all__ = ["get_resource_mappings", "get_steps"]


def get_steps() -> list[tuple[str, str, bool]]:
    """
    List the steps and pipelines of the package for stpipe.

    Returns
    -------
    list of tuple
        Path of the class, alias, and whether it is a pipeline.
    """
    return [
        ("jwst_hotpix.step.HotPixStep", "hotpix", False),
        ("jwst_hotpix.pipeline.HotPixDetector1Pipeline", "hotpix_detector1", True),
    ]


def get_resource_mappings() -> list[Any]:
    """
    List the schemas of the package for asdf.

    Returns
    -------
    list of asdf.resource.DirectoryResourceMapping
        One mapping, which finds the schemas by their URI.
    """
    from importlib.resources import files

    from asdf.resource import DirectoryResourceMapping

    schemas = files("jwst_hotpix") / "resources" / "schemas"
    return [DirectoryResourceMapping(schemas, "asdf://jwst-hotpix.readthedocs.io/schemas/")]
