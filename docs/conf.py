"""Settings of the documentation."""

project = "jwst_hotpix"
author = "The jwst_hotpix developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
# Wide enough for what commands print, 115 characters.
html_theme_options = {
    "page_width": "1280px",
    "body_max_width": "none",
    "sidebar_width": "240px",
    "code_font_size": "0.8em",
}
html_show_copyright = False
toc_object_entries = False
numpydoc_show_class_members = False
autodoc_typehints = "none"
