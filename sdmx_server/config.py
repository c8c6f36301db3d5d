"""Settings: environment variables ``SDMX_*``, with defaults that run on a laptop."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """All settings of the server. Each is the environment variable ``SDMX_<NAME>`` in capitals."""

    model_config = SettingsConfigDict(env_prefix="SDMX_", extra="ignore")

    data_dir: Path = Field(default=Path("var"), description="Folder for the SQLite file and for temporary answers.")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty = SQLite in the data folder.")
    read_database_url: str = Field(default="", description="URL of a streaming replica that answers queries.")
    read_max_lag: float = Field(default=60.0, gt=0, description="Seconds that the replica may lack a commit.")
    structures_dir: Path | None = Field(default=None, description="Artefacts to register; empty = those shipped.")
    dataflows_dir: Path | None = Field(default=None, description="Recipes to run; empty = those shipped.")
    sender_id: str = Field(default="SCI", description="Id of the sender in message headers.")
    threads: int = Field(default=64, ge=4, description="Threads of a worker; a stalled client may hold one.")
    bulk_slots: int = Field(default=48, ge=1, description="Large answers that a worker sends at the same time.")
    spool_bytes: int = Field(default=4_000_000_000, ge=1_000_000, description="Room for large answers on disk.")
    send_timeout: float = Field(default=30.0, gt=0, description="Seconds until a client that takes nothing is dropped.")
    cache_bytes: int = Field(default=256_000_000, ge=1_000_000, description="Memory of a worker for its caches.")
    max_cells: int = Field(default=0, ge=0, description="Cells in one answer that is no stream; 0 = any number.")
    max_upload_bytes: int = Field(default=2_000_000_000, ge=1_000, description="The largest file that is read.")

    @property
    def effective_database_url(self) -> str:
        """The database URL, SQLite in the data folder when none is set."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'sdmx.db').absolute()}"
