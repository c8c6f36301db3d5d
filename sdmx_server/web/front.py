"""The front page: what there is, with working links, downloads and code. It needs no script and no other host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, render_template, request

from ..errors import BadQuery
from ..formats import FORMATS
from ..formats.api import Format
from ..formats.texts import best_text
from ..model.common import Annotation
from ..query.negotiation import languages
from ..query.parameters import Overrides
from ..services.overview import DataflowEntry
from ..wiring import Queries, Server
from . import front_texts
from .front_texts import TEXTS
from .newest import wants_newest
from .snippets import LANGUAGES, snippets

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""What pages may load (Content Security Policy): style sheets and fonts of this server, nothing else."""

_NOTICE = "sdmx-server:notice"
_NOTES = ("sdmx-server:source", "sdmx-server:doubt")
_KINDS = {"xlsx": "Excel", "csv": "CSV", "json": "JSON", "xml": "XML", "parquet": "Parquet"}
_STATIC_AGE = 86_400


class Download(msgspec.Struct, frozen=True):
    """A link to all data of a dataflow in one format. ``note`` is a name in ``TEXTS``, or empty."""

    title: str
    version: str
    notes: tuple[str, ...]
    href: str


class Card(msgspec.Struct, frozen=True):
    """A dataflow as the template prints it."""

    entry: DataflowEntry
    title: str
    description: str
    notes: list[str]
    downloads: dict[str, list[Download]]
    links: list[tuple[str, str]]


def page_language() -> str:
    """``?lang=`` if it is one of the page's languages, else the best of Accept-Language, else English."""
    wanted = languages(request.headers.get("Accept-Language"), Overrides(lang=request.args.get("lang") or None))
    if request.args.get("lang") and wanted[:1] not in [(language,) for language in TEXTS]:
        raise BadQuery("language-of-page", known=tuple(TEXTS))
    return next((found for tag in wanted if (found := tag.partition("-")[0].lower()) in TEXTS), "en")


def _downloads(path: str) -> dict[str, list[Download]]:
    """Links to everything at a data path in every format, by kind of file."""
    found: dict[str, list[Download]] = {kind: [] for kind in _KINDS}
    for one in FORMATS:
        if one.write_data is None or one.extension not in found:
            continue
        query = urlencode({"format": one.family[0], "formatVersion": one.version})
        version = one.version.removesuffix(".0") if one.generation else ""
        found[one.extension].append(Download(_KINDS[one.extension], version, _notes_of(one), f"{path}?{query}"))
    return {kind: links for kind, links in found.items() if links}


def _notes_of(one: Format) -> tuple[str, ...]:
    if "draft" in one.media_type:
        return ("draft",)
    if one.generation != "2.1" or one.extension != "xml":
        return ()
    notes = ["generic" if "generic" in one.media_type else "specific"]
    return (*notes, "timeseries") if "timeseries" in one.media_type else tuple(notes)


def _links(entry: DataflowEntry, path: str) -> Iterator[tuple[str, str]]:
    """Pairs of a name in ``TEXTS`` and an address."""
    flow = f"{entry.reference.agency}/{entry.reference.id}/{entry.reference.version}"
    if entry.contents:
        yield "q_series", f"{path}/{'.'.join(entry.contents.sample.key)}?format=csv"
        if entry.time:
            yield "q_last", f"{path}/*?lastNObservations=1&format=csv"
        yield "q_availability", f"/sdmx/v2/availability/dataflow/{flow}"
    yield "q_structure", f"/sdmx/v2/structure/dataflow/{flow}?references=all"


def _texts_of(annotations: Iterable[Annotation], types: Iterable[str], language: str) -> list[str]:
    wanted = [note for kind in types for note in annotations if note.type == kind]
    return [text for note in wanted if (text := best_text(note.texts, (language,)))]


def _card(entry: DataflowEntry, language: str) -> Card:
    flow = entry.reference
    path = f"/sdmx/v2/data/dataflow/{flow.agency}/{flow.id}/{flow.version}"
    return Card(
        entry=entry,
        title=best_text(entry.names, (language,)) or flow.id,
        description=best_text(entry.descriptions, (language,)) or "",
        notes=_texts_of(entry.annotations, _NOTES, language),
        downloads=_downloads(path) if entry.contents else {},
        links=list(_links(entry, path)),
    )


def _page(source: Queries, language: str) -> str:
    root = request.host_url.rstrip("/")
    subjects = [
        (best_text(subject.names, (language,)) or TEXTS[language]["other_subjects"], subject.dataflows)
        for subject in source.overview.subjects()
    ]
    entries = [entry for _, flows in subjects for entry in flows]
    notices = [text for entry in entries for text in _texts_of(entry.annotations, (_NOTICE,), language)]
    helpers: Mapping[str, object] = {"number": front_texts.number, "date": front_texts.date}
    return render_template(
        "front.html",
        language=language,
        other="fa" if language == "en" else "en",
        texts=TEXTS[language],
        root=root,
        subjects=[(name, [_card(entry, language) for entry in flows]) for name, flows in subjects],
        notices=list(dict.fromkeys(notices)),
        snippets=lambda entry: snippets(entry, root),
        code_languages=LANGUAGES,
        coverage=front_texts.coverage,
        **helpers,
    )


def blueprint(server: Server) -> Blueprint:
    """The front page at ``/`` and its style sheet and fonts below ``/static``."""
    pages = Blueprint("front", __name__, static_folder="static", static_url_path="/static", template_folder="templates")

    @pages.get("/")
    def _front() -> Response:
        language = page_language()
        page = server.ask(
            lambda source: _page(source, language), newest=wants_newest(request.headers.get("Cache-Control"))
        )
        response = Response(page, content_type="text/html; charset=utf-8")
        response.headers["Content-Language"] = language
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Vary"] = "Accept-Language"
        response.headers["Cache-Control"] = "public, no-cache"
        response.add_etag()
        return response.make_conditional(request)  # type: ignore[return-value]  # it returns the response itself

    @pages.after_request
    def _keep(response: Response) -> Response:
        if request.endpoint == "front.static" and response.status_code < 400:
            response.headers["Cache-Control"] = f"public, max-age={_STATIC_AGE}"
        return response

    return pages
