"""Structures and observations in SQLite or PostgreSQL, through SQLAlchemy."""
