"""
What the package runs with: Python, jwst, and the libraries from the oldest allowed to the newest.

    nox                       every session, each in its own environment
    nox -s oldest -- tests/hotlist

Each session ends with its row of the table in docs/trust.md. Pythons that are not installed are
skipped, as are those for which jwst does not install.
"""

import xml.etree.ElementTree as ET
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_missing_interpreters = False

#: A few that touch every library, without the minutes of whole pipelines.
QUICK = [
    "tests/flag", "tests/hotlist/test_asdf_file.py", "tests/hotlist/test_pixellist.py",
    "tests/exposure/test_on_disk.py", "tests/exchange/test_import_list.py",
    "tests/ledger/test_ledger.py", "tests/history/test_make_list.py",
    "tests/step/test_open_model.py", "tests/step/test_asked_for.py",
]  # fmt: skip
LIBRARIES = ("jwst", "numpy", "scipy", "astropy", "asdf", "pyarrow", "dask")
VERSIONS = """
import platform, sys
from importlib.metadata import version
print(" | ".join([platform.python_version(), *map(version, sys.argv[1:])]))
"""


@nox.session(python=["3.11", "3.13", "3.14"])
@nox.parametrize("jwst", ["1.20.2", "3.0.0"])
def newest(session: nox.Session, jwst: str) -> None:
    """Test with one version of jwst, and the newest libraries that it allows."""
    session.install("--editable", ".[test]", f"jwst=={jwst}")
    run(session, f"newest, jwst {jwst}")


@nox.session(python="3.11", venv_backend="uv")
def oldest(session: nox.Session) -> None:
    """Test with the lowest version of everything that pyproject.toml names."""
    session.install("--resolution", "lowest-direct", "--editable", ".")
    # Tools of the tests leave what is installed as it is.
    session.install("--editable", ".[test]")
    # Old libraries use what newer ones beside them deprecate.
    run(session, "oldest", "-W", "ignore::DeprecationWarning")


def run(session: nox.Session, name: str, *options: str) -> None:
    """Run the tests, and print what was run as a row of the table."""
    report = Path(session.create_tmp(), "report.xml").absolute()
    session.run("pytest", "-n0", f"--junitxml={report}", *options, *(session.posargs or QUICK))
    versions = session.run("python", "-c", VERSIONS, *LIBRARIES, silent=True)
    suite = ET.parse(report).find("testsuite")  # noqa: S314 (pytest has written it)
    passed = int(suite.get("tests")) - int(suite.get("skipped"))
    session.log(f"| {name} | {versions.strip()} | {passed} |")
