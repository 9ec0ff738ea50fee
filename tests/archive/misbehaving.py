"""Steps for ``--then`` that go wrong on purpose, or look around; workers import them."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
from jwst.stpipe import Step


class Misbehaving(Step):
    """Hands its input on, or goes wrong once, or always, for the exposures it is meant for."""

    spec = """
        how = option('raise', 'kill', 'exit', 'eat', 'sleep', default='raise')
        victim = string(default=None)  # Part of the file's name
        once = string(default=None)  # Marks that it went wrong
    """

    def process(self, input_data):
        done = self.once is not None and Path(self.once).exists()
        if self.victim is not None and self.victim in str(input_data) and not done:
            if self.once is not None:
                Path(self.once).touch()
            getattr(self, f"_{self.how}")()
        return self._datamodels_open(input_data)

    def _raise(self):
        raise RuntimeError("on purpose")

    def _kill(self):
        os.kill(os.getpid(), signal.SIGKILL)

    def _exit(self):
        sys.exit(-1)

    def _eat(self):
        eaten = []
        while True:
            eaten.append(np.ones(2**24))
            time.sleep(0.01)

    def _sleep(self):
        time.sleep(3600)


class LooksBeside(Step):
    """Reads a file that the header names, as assign_wcs does with the MSA metafile."""

    def process(self, input_data):
        model = self._datamodels_open(input_data)
        name = model.meta.instrument.msa_metadata_file
        model.meta.observation.observation_label = Path(self.make_input_path(name)).read_text()
        return model
