"""The folder of ``hotpix demo`` on which the notebooks run: made once, reused by later builds."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_DEFAULT = Path(__file__).parent / "_build" / "demo"


def provide_demo(_app, config):
    """
    Make the folder that HOTPIX_DEMO names, by default ``docs/_build/demo``, unless it exists.

    It takes two minutes and 1.1 GB. The kernels of the notebooks find it by the same variable.
    """
    if config.nb_execution_mode == "off":
        return
    folder = Path(os.environ.get("HOTPIX_DEMO", _DEFAULT)).resolve()
    os.environ["HOTPIX_DEMO"] = str(folder)
    # The notebooks call hotpix, also where its environment is not activated.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    if folder.exists():
        return
    # What exists under the final name is complete.
    unfinished = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [sys.executable, "-m", "jwst_hotpix", "demo", "-o", str(unfinished), "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    unfinished.rename(folder)
