"""The router of one part of the API."""

from fastapi import APIRouter
from starlette.routing import Match, Route
from starlette.types import Scope


class Room(APIRouter):
    """
    Routes of one part, which are tried only for addresses that begin as one of them does.

    There are hundreds of routes in some forty parts: to try each of them would cost a request more than most answers.
    """

    _beginnings: tuple[str, ...] = ()
    _counted: int = 0

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say how far an address is one of this part."""
        if self._counted != len(self.routes):
            self._counted, self._beginnings = len(self.routes), self._beginnings_now()
        # Behind a proxy that puts something before it, an address is read by the routes themselves.
        is_whole = scope["type"] == "http" and not scope.get("root_path")
        if is_whole and not scope["path"].startswith(self._beginnings):
            return Match.NONE, {}
        return super().matches(scope)

    def _beginnings_now(self) -> tuple[str, ...]:
        paths = [route.path if isinstance(route, Route) else "" for route in self.routes]
        return tuple(sorted({path.partition("{")[0] for path in paths}))
