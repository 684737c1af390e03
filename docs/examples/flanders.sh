#!/bin/sh
# The formats of Flemish cities, from files to the database (SRID 31370).
# Usage: docs/examples/flanders.sh FOLDER, where FOLDER holds flanders/ and osm/ (sources: docs/real-cities.md).
set -eu
DATA=${1:?"give the folder with the files"}
export KERNKAART_HOME=${KERNKAART_HOME:-.kernkaart-flanders}
cd "$(dirname "$0")/../.."
AREAS="$DATA/flanders/seven_cities/provincies_in_cijfers"
GRB="$DATA/flanders/grb_leuven"
ROADS="$DATA/flanders/wegenregister"
TELRAAM="$DATA/flanders/telraam_kortrijk"

kk() { "${KERNKAART:-./kernkaart}" "$@"; }

kk up --no-demo
kk import municipalities "$AREAS/gemeente.shp"
kk import cores "$AREAS/winkelgebied.shp"
kk import cores "$AREAS/kernwinkelgebied.shp"
kk import neighbourhoods "$AREAS/ggw7.shp"
kk import parcels "$GRB/leuven_parcels_reference_408_lambert72.geojson" --map capakey=ref_identifier
kk import parcels "$GRB"/grb_response*.ogcapi_lambert72.json
kk import parcels "$DATA/flanders/grb_gml/Adp_Full.gml"
kk import wegenregister "$ROADS/wegenregister_extract_tienen_hoegaarden.zip" "$ROADS/eWegsegment_herselt.zip"
kk import osm "$DATA/osm/wechelderzande/wechel.osm.pbf"
kk import telraam "$TELRAAM/graaf_karel_de_goedelaan_per-hour.csv" --municipality 34022 \
    --option lon=3.25 --option lat=50.82 --option "name=Graaf Karel de Goedelaan"
kk import telraam "$TELRAAM/sintmartenslatemlaan_per-hour.csv" --municipality 34022 \
    --option lon=3.252 --option lat=50.821 --option "name=Sint-Martens-Latemlaan"
kk imports
