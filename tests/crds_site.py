"""A local stand-in for the CRDS server: rules and references, and JSON RPC as its client asks."""

import os
from hashlib import sha1

from jwst_hotpix.simulate.crds_context import write_context
from jwst_hotpix.simulate.crds_session import cache_environment
from web_server import Site

PATTERNS = "NRSIRS2|NRSIRS2RAPID"
FULL = ("FULL", "1", "1", "2048", "2048")


def dark_name(number):
    return f"jwst_nirspec_dark_{number:04d}.fits"


def write_rules(root):
    """Write rules for five DARKs of NRS1 IRS2, one of NRS2, and a MASK."""
    key = ("NRS1", PATTERNS, *FULL)
    darks = {f"202{year}-01-01 00:00:00": dark_name(year + 1) for year in range(5)}
    rules = {
        "dark": {key: darks, ("NRS2", PATTERNS, *FULL): {"2022-01-01 00:00:00": dark_name(9)}},
        "mask": {
            ("NRS1", "FULL", PATTERNS): {"2020-01-01 00:00:00": "jwst_nirspec_mask_0001.fits"}
        },
    }
    return write_context(root, rules)


class CrdsSite(Site):
    """A web server that has references and mappings, and answers JSON RPC as CRDS does."""

    def load(self, server_cache):
        for path in server_cache.glob("mappings/jwst/*map"):
            self.files[f"/mappings/{path.name}"] = path
        for number in (1, 2, 3, 4, 5, 9):
            self.files[f"/references/{dark_name(number)}"] = bytes([number]) * (100_000 + number)
        self.files["/references/jwst_nirspec_mask_0001.fits"] = b"mask" * 1000
        self.rpc["get_server_info"] = self.server_info

    def server_info(self):
        files = {path.rpartition("/")[2]: path for path in self.files}
        metadata = {name: self.described(path) for name, path in files.items()}
        info = {
            f"{state}_context": "jwst_0001.pmap"
            for state in ("latest", "operational", "edit", "build", "versions")
        }
        return info | {
            "observatory": "jwst",
            "bad_files": "",
            "bad_files_list": [],
            "mappings": [name for name in files if name.endswith("map")],
            "force_remote_mode": False,
            "crds_version": {"str": "14.0.3"},
            "last_synced": "never",
            "reference_url": {"jwst": f"{self.url}/references/"},
            "mapping_url": {"jwst": f"{self.url}/mappings/"},
            "download_metadata": metadata,
        }

    def described(self, path):
        content = self.part(path, 0, self.size(path))
        return {"size": str(len(content)), "sha1sum": sha1(content).hexdigest()}  # noqa: S324


def environment_of(root, url):
    return os.environ | cache_environment(root, "jwst_0001.pmap") | {"CRDS_SERVER_URL": url}
