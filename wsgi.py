"""The WSGI entry: ``gunicorn wsgi:application``."""

from sdmx_server.web import create_app

application = create_app()
