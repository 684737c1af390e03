#!/bin/sh
# A whole real city, from files to a ranked list: the City of Melbourne (SRID 7855).
# Usage: docs/examples/melbourne.sh FOLDER, where FOLDER holds the files named below (sources: docs/real-cities.md).
set -eu
DATA=${1:?"give the folder with the files"}
export KERNKAART_HOME=${KERNKAART_HOME:-.kernkaart-melbourne} KERNKAART_SRID=7855 KERNKAART_TIMEZONE=Australia/Melbourne
EXAMPLES=$(cd "$(dirname "$0")" && pwd)
cd "$EXAMPLES/../.."
CITY=206041117,206041118,206041119,206041120,206041121,206041122,206041124,206041125,206041127,206041503,206041504
CITY=$CITY,206041505,206041506,206041507,206041508,206041509,206041510,206051511
IN="--municipality 24600"

kk() { "${KERNKAART:-./kernkaart}" "$@"; }

kk up --no-demo
kk import municipalities "$DATA/sa2_population.geojson" \
    --map nis_code==24600 --map name_nl==Melbourne --option "where=sa2Code=$CITY" --option dissolve=yes
kk import sectors "$DATA/sa2_population.geojson" $IN \
    --map code=sa2Code --map name_nl=name --map population=erp_2021 --option year=2021
kk import streets "$DATA/derived_streets.gpkg" $IN \
    --map source_key=edge_id --map name=street --option layer=edges --option where=component=0
kk import buildings "$DATA/osm_buildings.parquet" $IN
kk import parking-zones "$DATA/derived_parking_segments.geojson" $IN \
    --map code=RoadSegmentID --map name=description --map capacity=bays
kk import public-places "$DATA/train-stations.json" $IN --map kind==station
kk import sensors "$DATA/ped_sensors.csv" $IN --map code=Location_ID --map name=Sensor_Name
kk import shop-units "$DATA/clue_units_2021.csv.gz" $IN \
    --map local_code=unit_id --map occupant_name=Trading_name --map street=Business_address --map is_vacant=vacant \
    --map branch_code=Industry_ANZSIC4_code --map floor_level=floor_hint \
    --option "branch_map=$EXAMPLES/anzsic-branches.csv" \
    --option "where=floor_hint!=upper,basement;property_has_storefront=True" --vintage 2021-12-31
kk import counts-wide "$DATA/ped_hourly_wide_2013_2021.parquet" $IN \
    --option timezone=Australia/Melbourne --option 'code_pattern=\[(\d+)'
kk refresh
kk status
