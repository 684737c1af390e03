#!/bin/sh
# Runs once, when the database container makes its data: the application's own user is no superuser, so that the
# rights that the database keeps hold for it too.
set -eu
: "${KERNKAART_DB_PASSWORD:?}"
psql -v ON_ERROR_STOP=1 -v password="$KERNKAART_DB_PASSWORD" -U postgres -d "$POSTGRES_DB" <<'SQL'
create role kernkaart login nosuperuser createrole createdb password :'password';
alter database kernkaart owner to kernkaart;
create extension if not exists postgis;
create extension if not exists btree_gist;
-- Without it an index on places is of no use to who may not see all rows.
alter function geometry_overlaps(geometry, geometry) leakproof;
-- Else anybody who signs in may store what is not a row, and so fill the disk.
revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public;
SQL
