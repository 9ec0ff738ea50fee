"""Products on disk, with the header that archives have."""


def save(model, path):
    """Save a model of `helpers` as one of JWST."""
    model.meta.telescope = "JWST"
    model.save(path)
    return path
