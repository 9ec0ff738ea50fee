"""Settings of the documentation."""

project = "jwst_hotpix"
author = "The jwst_hotpix developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["_build"]
# Navigation beside the text from 1072 px on, behind a button below; code scrolls.
html_theme = "furo"
html_title = project
html_show_copyright = False
toc_object_entries = False
numpydoc_show_class_members = False
autodoc_typehints = "none"
