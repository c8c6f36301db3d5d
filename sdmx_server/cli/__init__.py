"""The command line ``sdmx-server``."""

from .main import main

__all__ = ["main"]
