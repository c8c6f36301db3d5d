"""Loaders that come with the server, one sub-package for each kind of source; found by entry point, never imported."""
