"""Contexts of a simulated CRDS cache: writing, finding, and adding reftype HOTPIX."""

from __future__ import annotations

import ast
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from pprint import pformat

import asdf

from jwst_hotpix.instrument.readouts import IRS2, TRAD, patterns_of
from jwst_hotpix.simulate.crds_mappings import imap_text, pmap_text, rmap_text
from jwst_hotpix.tools.atomic import atomic_path

__all__ = ["Rules", "newest_context", "serve_hotpix", "write_context"]

# File names by USEAFTER, for each reference type and set of matching keys.
Rules = dict[str, dict[tuple[str, ...], dict[str, str]]]

# Reference types that prefetch or a step may request and the simulation does not need.
_NOT_APPLICABLE = (
    *("ipc", "sirskernel", "pictureframe", "pastasoss", "flat", "fflat", "sflat", "dflat"),
    *("persat", "trapdensity", "trappars", "lastframe", "reset", "rscd", "emicorr", "area"),
)

# Detector1 looks up parameters for each of its steps. For a type that is not listed at all the
# client logs an error, although stpipe carries on.
_STEPS = (
    *("groupscale", "dqinit", "emicorr", "saturation", "ipc", "superbias", "refpix", "rscd"),
    *("firstframe", "lastframe", "linearity", "darkcurrent", "reset", "persistence"),
    *("chargemigration", "jump", "pictureframe", "cleanflickernoise", "rampfit", "gainscale"),
)


def write_context(root: Path, rules: Rules) -> str:
    """
    Write the first context of a cache.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the cache.
    rules : dict
        File names by USEAFTER, for each reference type and set of matching keys.

    Returns
    -------
    str
        Name of the context.
    """
    folder = root / "mappings" / "jwst"
    folder.mkdir(parents=True, exist_ok=True)
    parameters = ["pars-detector1pipeline", *(f"pars-{step}step" for step in _STEPS)]
    rmaps = dict.fromkeys([*_NOT_APPLICABLE, *parameters], "N/A")
    for reftype, cases in rules.items():
        rmaps[reftype] = name = f"jwst_nirspec_{reftype}_0001.rmap"
        _write(folder / name, rmap_text(name, reftype, cases))
    return _write_instrument(root, rmaps, number=1)


def serve_hotpix(root: str | os.PathLike[str], files: Iterable[str | os.PathLike[str]]) -> str:
    """
    Make a cache serve hot pixel lists, as CRDS would if it knew reftype ``HOTPIX``.

    Parameters
    ----------
    root : path
        A cache made by `write_crds_cache`.
    files : iterable of path
        ASDF lists, selected by detector, readout mode and ``meta.useafter``. They are copied
        under names of the kind that CRDS assigns.

    Returns
    -------
    str
        Name of a new context, which serves these lists only. Earlier contexts remain as they
        were.

    Raises
    ------
    FileNotFoundError
        When ``root`` holds no context.
    KeyError
        When a list lacks one of the keys it is selected by.
    """
    root = Path(root)
    number = int(newest_context(root)[5:9])
    folder = root / "mappings" / "jwst"
    references = root / "references" / "jwst" / "nirspec"
    first = 1 + len(list(references.glob("jwst_nirspec_hotpix_*.asdf")))
    rules: dict[tuple[str, ...], dict[str, str]] = {}
    for serial, file in enumerate(files, start=first):
        name = f"jwst_nirspec_hotpix_{serial:04d}.asdf"
        with atomic_path(references / name) as temporary:
            shutil.copyfile(file, temporary)
        key, useafter = _selection(Path(file))
        rules.setdefault(key, {})[useafter] = name
    rmap = f"jwst_nirspec_hotpix_{number + 1:04d}.rmap"
    _write(folder / rmap, rmap_text(rmap, "hotpix", rules))
    rmaps = _read_rmaps(folder / f"jwst_nirspec_{number:04d}.imap") | {"hotpix": rmap}
    return _write_instrument(root, rmaps, number=number + 1)


def newest_context(root: str | os.PathLike[str]) -> str:
    """
    Return the name of the newest context of a cache.

    Parameters
    ----------
    root : path
        Folder of the cache.

    Returns
    -------
    str
        E.g. ``"jwst_0001.pmap"``.

    Raises
    ------
    FileNotFoundError
        When the cache holds no context.
    """
    contexts = sorted((Path(root) / "mappings" / "jwst").glob("jwst_*.pmap"))
    if not contexts:
        msg = f"{root} is not a CRDS cache: it holds no .pmap file"
        raise FileNotFoundError(msg)
    return contexts[-1].name


def _selection(file: Path) -> tuple[tuple[str, ...], str]:
    """Return the keys that a list is selected by, and its USEAFTER."""
    with asdf.open(file) as tree:
        meta = tree["meta"]
        detector, readout = meta["instrument"]["detector"], meta["hotpix"]["readout"]
        date, _, time = str(meta["useafter"]).partition("T")
    modes = (readout,) if readout in {IRS2, TRAD} else (IRS2, TRAD)
    patterns = "|".join(pattern for mode in modes for pattern in patterns_of(mode))
    return (detector, patterns), f"{date} {time.split('.')[0] or '00:00:00'}"


def _write_instrument(root: Path, rmaps: Mapping[str, str], *, number: int) -> str:
    folder = root / "mappings" / "jwst"
    imap, pmap = f"jwst_nirspec_{number:04d}.imap", f"jwst_{number:04d}.pmap"
    _write(folder / imap, imap_text(imap, rmaps))
    _write(folder / pmap, pmap_text(pmap, imap))
    _write_config(root / "config" / "jwst", pmap)
    return pmap


def _write_config(folder: Path, context: str) -> None:
    """Write the files that the CRDS client reads when there is no server."""
    folder.mkdir(parents=True, exist_ok=True)
    contexts = ("latest", "operational", "edit", "build", "versions")
    info: dict[str, object] = {f"{state}_context": context for state in contexts}
    info |= {
        "observatory": "jwst",
        "bad_files": "",
        "bad_files_list": [],
        "mappings": [],
        "force_remote_mode": False,
        "crds_version": {"str": "14.0.3"},
        "last_synced": "never",
        "download_metadata": "",
    }
    _write(folder / "server_config", pformat(info))
    _write(folder / "ref_cache_subdir_mode", "instrument\n")


def _read_rmaps(imap: Path) -> dict[str, str]:
    selector = imap.read_text(encoding="utf-8").partition("selector = ")[2]
    return {reftype.lower(): rmap for reftype, rmap in ast.literal_eval(selector).items()}


def _write(path: Path, text: str) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
