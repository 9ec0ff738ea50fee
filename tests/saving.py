"""Products on disk, with a header like those in archives."""


def save(model, path, **primary):
    """Save a model from `helpers` with a telescope, and with cards that its schema lacks."""
    model.meta.telescope = "JWST"
    if primary:
        cards = [[keyword, value, ""] for keyword, value in primary.items()]
        model.extra_fits = {"PRIMARY": {"header": cards}}
    model.save(path)
    return path
