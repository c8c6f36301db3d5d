"""What this server offers, as OpenAPI documents and as a page to read."""

from .document import PERSIAN, VERSIONS, document, path_of
from .resources import RESOURCES

__all__ = ["PERSIAN", "RESOURCES", "VERSIONS", "document", "path_of"]
