"""Alembic's scripts: each release's change of the fixed tables. Tables of cubes are made and changed by the store."""
