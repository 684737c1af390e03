# syntax=docker/dockerfile:1
# The application alone; its database is a service of its own (docker-compose.yml).

FROM node:24-bookworm-slim AS frontend
WORKDIR /build
COPY frontend/package.json frontend/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.12-slim-bookworm AS packages
COPY requirements.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/venv \
    && /opt/venv/bin/pip install --disable-pip-version-check --require-hashes --no-deps -r requirements.lock

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/kernkaart --create-home kernkaart
COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/kernkaart
COPY alembic.ini pyproject.toml LICENSE ./
COPY gis ./gis
COPY api ./api
COPY migrations ./migrations
COPY launch ./launch
COPY --from=frontend /build/dist ./frontend/dist
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/kernkaart \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    KERNKAART_HOME=/var/lib/kernkaart \
    NUMBA_CACHE_DIR=/var/lib/kernkaart/numba
USER kernkaart
VOLUME /var/lib/kernkaart
EXPOSE 8000
# The first start computes for minutes before it answers; a start period keeps it from being called unhealthy.
HEALTHCHECK --interval=15s --timeout=5s --start-period=15m --retries=3 \
    CMD ["python", "-m", "launch.container", "is-well"]
ENTRYPOINT ["python", "-m", "launch.container"]
CMD ["serve"]
