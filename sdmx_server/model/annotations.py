"""Types of annotation that mean something to this server."""

COMPUTED = "sdmx-server:computed"
"""On an attribute that the server computes from the period; the title names the computation (``solar-hijri``)."""

CALENDAR = "sdmx-server:calendar"
"""On a time dimension whose periods are all of one calendar; the title names it (``solar-hijri``)."""

PART = "sdmx-server:part"
"""On an artefact that 2.1 has as a part of another one: the title is the URN of the part there, the texts are the names
of the whole."""
