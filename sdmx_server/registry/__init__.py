"""Artefacts in relation: resolution of references, structure queries, availability of content. Pure."""
