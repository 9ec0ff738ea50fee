"""Servers on loopback for the verbs that need them. For benchmarks/trust.py."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fetch import crds_server
from jwst_hotpix.tools.dates import mjd
from mast_site import MastSite
from trust_verbs import PROGRAM, START, Verb
from web_server import serving


@contextmanager
def with_servers(place: Path) -> Iterator[list[tuple[Mapping[str, Verb], Mapping[str, str]]]]:
    """Serve references and exposures; yield the verbs that get them, each with its environment."""
    (place / "server").mkdir()
    site = MastSite()
    for number, path in enumerate(sorted((place / "visit").iterdir())):
        site.add(path.name, path, start=mjd(START) + 0.02 * number, program=PROGRAM)
    with crds_server(place / "server") as (crds, _), serving(site):
        yield [_update(place, site.url), _fetch(place, crds.url)]


def _fetch(place: Path, url: str) -> tuple[Mapping[str, Verb], Mapping[str, str]]:
    out = place / "work" / "out"
    environment = {
        "CRDS_SERVER_URL": url.replace("127.0.0.1", "localhost"),
        "CRDS_CONTEXT": "jwst_0001.pmap", "CRDS_PATH": str(out / "crds"),
        "JWST_HOTPIX_CACHE": str(out / ".cache"),
    }  # fmt: skip
    arguments = ("fetch", "references", "-o", "OUT/references")
    return {"fetch references": Verb(arguments)}, environment


def _update(place: Path, url: str) -> tuple[Mapping[str, Verb], Mapping[str, str]]:
    config = place / "config" / "astropy"
    config.mkdir(parents=True)
    (config / "astroquery.cfg").write_text(f"[mast]\nserver = {url}\n")
    environment = {
        "XDG_CONFIG_HOME": str(config.parent),
        "JWST_HOTPIX_CACHE": str(place / "work" / "out" / ".cache"),
    }
    what = ("--program", PROGRAM, "--since", "2020-01-01")
    return {
        "update": Verb(("update", "OUT/ledger", "--from", "science", *what)),
        "fetch science": Verb(("fetch", "science", *what, "-o", "OUT/files")),
    }, environment
