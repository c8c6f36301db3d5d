"""The REST syntax as pure functions over strings: paths, keys, filters, versions, negotiation."""
