"""The application: Flask wired to the use cases, with CORS and health checks."""

from __future__ import annotations

from flask import Flask, Response, request

from ..config import Settings
from ..wiring import Server, build
from . import errors, front, v1, v2
from .respond import Responder
from .spool import Spool

EXPOSED = "ETag, Last-Modified, Content-Language, Content-Encoding, Retry-After, Warning"
ALLOWED = "Accept, Accept-Language, Accept-Encoding, If-None-Match, If-Modified-Since"


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
    errors.register(app)
    app.register_blueprint(front.blueprint(server))
    app.register_blueprint(v1.blueprint(server, responder))
    app.register_blueprint(v2.blueprint(server, responder))

    @app.before_request
    def _limit_waiting() -> None:
        """A client that takes nothing for this long is dropped; gunicorn makes the socket blocking again afterwards."""
        socket = request.environ.get("gunicorn.socket")
        if socket is not None:
            socket.settimeout(settings.send_timeout)

    @app.after_request
    def _cors(response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        response.headers["X-Content-Type-Options"] = "nosniff"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = ALLOWED
            response.headers["Access-Control-Max-Age"] = "86400"
            if not response.content_length:
                del response.headers["Content-Type"]
        return response

    @app.get("/healthz")
    def _healthz() -> Response:
        """The process answers."""
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @app.get("/readyz")
    def _readyz() -> Response:
        """The process can answer queries: the database is there and of this release."""
        server.check()
        return Response("ready\n", content_type="text/plain; charset=utf-8")

    return app
