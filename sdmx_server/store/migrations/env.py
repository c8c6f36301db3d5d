"""Alembic's environment. It runs inside ``store.upgrade``, on the connection that is handed over."""

from alembic import context

from sdmx_server.store.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
