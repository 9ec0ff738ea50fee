"""
Formats of other people and programs: what can become a list, and what a list can become.

Masks, tables and lists of msaexp are imported; files for other pipelines, DS9 regions and ECSV
tables are exported.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "export_formats": ["EXPORT_FORMATS", "ExportFormat", "Request"],
        "export_list": ["export_ds9", "export_ecsv", "export_user_dq", "to_table"],
        "guess_format": ["Format", "guess_format"],
        "import_list": ["import_list"],
        "msaexp": ["read_msaexp"],
        "pipeline_files": ["export_msaexp", "export_npy"],
        "pixel_tables": ["read_table"],
        "roles_by_shape": ["with_rings"],
    },
)
