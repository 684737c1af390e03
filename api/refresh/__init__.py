"""One municipality's analysis run: everything that is computed ahead and stored."""

from api.refresh.service import RefreshResult, refresh, stale_municipalities

__all__ = ["RefreshResult", "refresh", "stale_municipalities"]
