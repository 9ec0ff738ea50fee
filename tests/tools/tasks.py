"""What workers are given to do: real functions of a module that they import."""

import os
import signal
import time
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from jwst_hotpix.tools.batch import DONE, FAILED, Outcome


def done(file, reason=""):
    return Outcome(file=file, status=DONE, reason=str(reason))


def die_over_b(file):
    if file == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    return done(file)


def die_once(folder, file):
    if not Path(folder, file).exists():
        Path(folder, file).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return done(file)


def fail_once(folder, file):
    is_first = not Path(folder, file).exists()
    Path(folder, file).touch()
    return Outcome(file=file, status=FAILED, may_pass=True) if is_first else done(file)


def fail(file):
    return Outcome(file=file, status=FAILED, reason="never better")


def eat_over_b(file):
    eaten = []
    while file == "b":
        eaten.append(np.ones(2**21))
    return done(file)


def threads(file):
    return done(file, os.environ["OMP_NUM_THREADS"])


def start_a_process(file):
    with get_context("spawn").Pool(1) as pool:
        return done(file, pool.apply(abs, (-5,)))


def sleep(folder, file):
    Path(folder, str(os.getpid())).touch()
    time.sleep(60)
    return done(file)
