"""Settings of the documentation."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from demo_folder import provide_demo
from pygments.lexers import BashLexer

project = "jwst_hotpix"
author = "The jwst_hotpix developers"
extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["_build"]
# Navigation beside the text from 1072 px on, behind a button below; code scrolls.
html_theme = "furo"
html_title = project
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["notebooks.css"]
toc_object_entries = False
numpydoc_show_class_members = False
autodoc_typehints = "none"
# Links to headings, as on GitHub.
myst_heading_anchors = 3
# Notebooks run at each build, away from the sources; -D nb_execution_mode=off leaves their output
# empty, for a quick look at the text.
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_execution_show_tb = True


def setup(app):
    """Provide the files that the notebooks read, and color crontabs as shell."""
    app.connect("config-inited", provide_demo)
    app.add_lexer("crontab", BashLexer)
