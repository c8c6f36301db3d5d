"""The SDMX information model as frozen value objects, the union of 2.1, 3.0 and 3.1, named in the standard's words."""
