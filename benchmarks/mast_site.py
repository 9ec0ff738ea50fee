"""
A local stand-in for MAST, as far as astroquery.mast is used: search by keywords, and files.

Questions and answers have the form that astroquery 0.4.11 documents and parses
(astroquery/mast/discovery_portal.py, docs/mast/mast_mastquery.rst): a search is a form with
``request=<JSON>``, its answer JSON with ``status``, ``msg``, ``fields``, ``data`` and ``paging``.
The columns are those of https://mast.stsci.edu/api/v0/_jwst_inst_keywd.html.
"""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote

from web_server import Site

SEARCH = "/api/v0/invoke"
SERVICE = "Mast.Jwst.Filtered.Nirspec"
_TYPES = {float: "float", int: "int", bool: "boolean", str: "string"}


@dataclass
class MastSite(Site):
    """
    What MAST has: ``rows`` of keywords by file, and the files by their names.

    ``faults`` of ``SEARCH`` and of names are those of `Site`; a search may also be answered with
    ``"html"``, ``"stall"`` or ``"error"`` (a refusal in words).
    """

    rows: list[dict[str, object]] = field(default_factory=list)
    asked: list[dict[str, object]] = field(default_factory=list)

    def add(self, name: str, content: bytes | Path, *, start: float, **known: object) -> None:
        """Add a file of an exposure; it is public unless ``publicReleaseDate_mjd`` is later."""
        self.files[name] = content
        row = {
            "filename": name, "exp_type": "NRS_MSASPEC", "detector": name.split("_")[3].upper(),
            "readpatt": "NRSIRS2RAPID", "subarray": "FULL", "program": name[2:7].lstrip("0"),
            "expstart": start, "fileSize": self.size(name), "publicReleaseDate_mjd": start + 365.0,
            "isRestricted": False,
        }  # fmt: skip
        self.rows.append(row | known)

    def path_of(self, url: str) -> str:
        """Name the file of a download."""
        _, _, query = url.partition("?uri=mast:JWST/product/")
        return unquote(query) or super().path_of(url)

    def answer(self, path: str, body: bytes) -> bytes | int:
        """Answer the search, or what astroquery asks before it."""
        if path != SEARCH:
            return b"{}"
        self.requests[SEARCH] += 1
        fault = self.fault(SEARCH)
        if isinstance(fault, int):
            return fault
        if fault == "stall":
            time.sleep(1)
        if fault == "html":
            return b"<html>Down for maintenance</html>"
        if fault == "error":
            return json.dumps({"status": "ERROR", "msg": "Incorrect syntax near '*'."}).encode()
        asked = json.loads(parse_qs(body.decode())["request"][0])
        self.asked.append(asked)
        return json.dumps(self._found(asked)).encode()

    def _found(self, asked: dict[str, object]) -> dict[str, object]:
        if asked["service"] != SERVICE:
            return {"status": "ERROR", "msg": f"no such service: {asked['service']}"}
        names = asked["params"]["columns"].split(",")
        filters = asked["params"]["filters"]
        rows = [row for row in self.rows if all(_fits(row, one) for one in filters)]
        size, page = asked["pagesize"], asked["page"]
        shown = rows[size * (page - 1) : size * page]
        types = (
            {name: _TYPES.get(type(self.rows[0][name]), "string") for name in names}
            if self.rows
            else {}
        )
        return {
            "status": "COMPLETE",
            "msg": "",
            "fields": [{"name": name, "type": kind} for name, kind in types.items()],
            "data": [{name: row[name] for name in names} for row in shown],
            "paging": {
                "page": page, "pageSize": size, "pagesFiltered": -(-len(rows) // size) or 1,
                "rows": len(shown), "rowsFiltered": len(rows), "rowsTotal": len(self.rows),
            },
        }  # fmt: skip


def _fits(row: dict[str, object], wanted: dict[str, object]) -> bool:
    value = row[wanted["paramName"]]
    for one in wanted["values"]:
        if isinstance(one, dict):
            if value is not None and one["min"] <= value <= one["max"]:
                return True
        elif str(one).lower() == str(value).lower():
            return True
    return False
