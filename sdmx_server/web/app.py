"""The application: the API right over WSGI; pages, health checks and messages of errors in Flask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING

import msgspec
from flask import Flask, Response, request

from ..config import Settings
from ..wiring import Queries, Server, build
from . import docs, errors, front, v1, v2
from .exchange import OPEN, PREFLIGHT, Request
from .respond import Responder
from .spool import Spool
from .turns import Turns
from .views import Views

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Gate:
    """Sends what is below the prefix of a version of the API to its views, and everything else to Flask."""

    def __init__(self, app: Flask, apis: Mapping[str, Views], send_timeout: float, turns: Turns | None) -> None:
        self._app, self._turns = app, turns
        self._others: WSGIApplication = app.wsgi_app
        self._apis = tuple(apis.items())
        self._send_timeout = send_timeout

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse, /) -> Iterable[bytes]:
        """Answer a request."""
        socket = environ.get("gunicorn.socket")
        if socket is not None and socket.gettimeout() is None:
            # A client that takes nothing for this long is dropped; gunicorn makes the socket blocking again afterwards.
            socket.settimeout(self._send_timeout)
        asked = Request(environ)
        for prefix, views in self._apis:
            if asked.path.startswith(prefix) and asked.path[len(prefix) :][:1] in ("", "/"):
                try:
                    with nullcontext() if self._turns is None else self._turns.mine():
                        reply = views.reply(asked)
                except Exception as error:
                    return self._refusal(error, environ)(environ, start_response)
                return reply.send(start_response)
        return self._others(environ, start_response)

    def _refusal(self, error: Exception, environ: WSGIEnvironment) -> Response:
        """The message of an error, made where those of all other addresses are made."""
        with self._app.request_context(environ):
            found = self._app.make_response(self._app.handle_user_exception(error))
            return self._app.process_response(found)


def create_app(settings: Settings | None = None, server: Server | None = None) -> Flask:
    """The WSGI application; settings come from the environment when none are given."""
    settings = settings or Settings()
    server = server or build(settings)
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    responder = Responder(
        Spool(settings.data_dir / "answers", settings.spool_bytes, settings.bulk_slots), settings.cache_bytes // 4
    )
    apis = {module.API.prefix: module.views(server, responder) for module in (v1, v2)}
    turns = Turns() if server.embedded else None  # a thread that waits for PostgreSQL lets others work
    app.wsgi_app = Gate(app, apis, settings.send_timeout, turns)  # type: ignore[method-assign, assignment]
    errors.register(app)
    app.register_blueprint(front.blueprint(server))
    app.register_blueprint(docs.blueprint())

    @app.after_request
    def _cors(response: Response) -> Response:
        response.headers.update(OPEN)
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
            if not response.content_length:
                del response.headers["Content-Type"]
        return response

    @app.get("/healthz")
    def _healthz() -> Response:
        """The process answers."""
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @app.get("/readyz")
    def _readyz() -> Response:
        """The process can answer queries: the database, or its replica, is there and of this release."""
        server.ask(Queries.check)
        return Response("ready\n", content_type="text/plain; charset=utf-8")

    @app.get("/status")
    def _status() -> Response:
        """How the replica stands, as JSON: ``store.replica.Standing``; its state is ``none`` without one."""
        body = msgspec.json.encode(server.replica() or {"state": "none"})
        return Response(body, content_type="application/json", headers={"Cache-Control": "no-store"})

    return app
