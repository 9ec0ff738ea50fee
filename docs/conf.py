"""Settings of the documentation."""

project = "jwst_hotpix"
author = "The jwst_hotpix developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
numpydoc_show_class_members = False
autodoc_typehints = "none"
