"""One Settings class, read from ``KERNKAART_*``."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What a deployment may choose. Frozen: nothing in the application changes it."""

    model_config = SettingsConfigDict(env_prefix="KERNKAART_", frozen=True)

    database_url: str = Field(
        default="postgresql+psycopg://kernkaart@127.0.0.1:55432/kernkaart",
        description="SQLAlchemy URL of the PostGIS database.",
    )
    srid: int = Field(default=31370, description="EPSG code of the deployment's one metric CRS.", gt=1023)
    timezone: str = Field(default="Europe/Brussels", description="Time zone of local days and hours.")
    home: Path = Field(default=ROOT / ".kernkaart", description="Folder for state: logs, reports, caches.")
    frontend: Path = Field(default=ROOT / "frontend" / "dist", description="Folder of the built front end.")
    pool_size: int = Field(default=8, description="Database connections one process keeps.", ge=1)
    statement_timeout_s: int = Field(default=60, description="Longest a query of a request may take.", ge=1)
    tile_store_mb: int = Field(default=64, description="Memory for map tiles that were made, MB.", ge=1)
    push_max_mb: int = Field(
        default=8, description="Largest batch of pushed counts, MB unpacked.", ge=1, le=100
    )
    push_concurrent: int = Field(
        default=4, description="Batches of pushed counts that one process stores at once.", ge=1
    )
    qgis_host: str = Field(
        default="", description="Where QGIS elsewhere reaches the database; empty: it does not."
    )
    qgis_port: int = Field(default=5432, description="Port on which it does.", ge=1, le=65535)
    qgis_certificate: str = Field(
        default="",
        description="File with the certificate to trust there; empty: machines know its authority.",
    )
    telraam_url: str = Field(default="https://telraam-api.net", description="Where Telraam is asked.")
    telraam_key: str = Field(default="", description="Key for Telraam; empty: it is not asked.")
    oidc_issuer: str = Field(
        default="", description="Address of an OpenID Connect provider to sign in with; empty: none."
    )
    oidc_client_id: str = Field(default="", description="How the provider knows this application.")
    oidc_client_secret: str = Field(default="", description="Secret shared with the provider.")
    oidc_name: str = Field(default="OpenID Connect", description="Name of the provider on the screen.")


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Read the settings once per process."""
    return Settings()
