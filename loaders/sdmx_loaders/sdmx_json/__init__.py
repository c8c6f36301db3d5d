"""SDMX-JSON data messages 1.0 (and the draft before it), 2.0 and 2.1."""

from .loader import SdmxJsonLoader

__all__ = ["SdmxJsonLoader"]
