"""serve: the application over HTTP."""

from typing import Annotated

import typer


def serve_command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1)] = 1,
) -> None:
    """Serve the map and the API."""
    import uvicorn

    # Who asked for what is not written down: it costs each answer time, and an address is somebody's.
    uvicorn.run(
        "api.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="info",
        access_log=False,
    )
