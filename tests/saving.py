"""Products on disk, with the header that archives have."""


def save(model, path, **primary):
    """Save a model of `helpers` with a telescope, and with other cards that it has no place for."""
    model.meta.telescope = "JWST"
    if primary:
        cards = [[keyword, value, ""] for keyword, value in primary.items()]
        model.extra_fits = {"PRIMARY": {"header": cards}}
    model.save(path)
    return path
