"""The asdf library without the extensions of other packages, of which a list needs none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import asdf
from asdf.extension import ExtensionProxy
from asdf.resource import DirectoryResourceMapping, ResourceMappingProxy

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

__all__ = ["core_asdf"]

# The schema of a list refers to those of stdatamodels.
_DATAMODELS = "http://stsci.edu/schemas/jwst_datamodel/"


@contextmanager
def core_asdf() -> Iterator[None]:
    """
    Read and write inside the block with the core of asdf and the schemas of JWST only.

    On its first use asdf imports every package that offers it an extension, among them astropy,
    gwcs and the datamodels: more than a second of CPU for a file that uses none of them.
    """
    with asdf.config_context() as config:
        # asdf has no public way to say so. Should it rename these, all is as it was: slow.
        config._resource_mappings = list(_resources())  # noqa: SLF001
        config._resource_manager = None  # noqa: SLF001
        config._extensions = list(_extensions())  # noqa: SLF001
        yield


@cache
def _resources() -> tuple[Any, ...]:
    offered = [
        ResourceMappingProxy(mapping, package_name=package, package_version=version)
        for package in ("asdf", "asdf_standard")
        for mapping, version in _offered(package, "asdf.resource_mappings")
    ]
    # Found without importing it, which takes a second.
    package = cast("ModuleSpec", find_spec("stdatamodels"))
    schemas = Path(str(package.origin)).parent / "jwst" / "datamodels" / "schemas"
    return (*offered, ResourceMappingProxy(DirectoryResourceMapping(schemas, _DATAMODELS)))


@cache
def _extensions() -> tuple[Any, ...]:
    """Return the extensions of asdf itself, which look for their manifests as they are made."""
    return tuple(
        ExtensionProxy(extension, package_name="asdf", package_version=version)
        for extension, version in _offered("asdf", "asdf.extensions")
    )


def _offered(package: str, group: str) -> Iterator[tuple[Any, str]]:
    found = distribution(package)
    for point in found.entry_points.select(group=group):
        for item in point.load()():
            yield item, found.version
