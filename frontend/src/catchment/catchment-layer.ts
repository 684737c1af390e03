import { divIcon, type FeatureGroup, featureGroup, geoJSON, type Map as LeafletMap, marker } from "leaflet";
import type { Catchment } from "../api/types.ts";
import { t } from "../text/index.ts";
import { BAND_COLOURS } from "./bands.ts";

const DASHES = ["", "7 4", "2 4"];

/** Bands on the map, each with its own line and its minutes written on it. */
export class CatchmentLayer {
  readonly #map: LeafletMap;
  readonly #covered: () => number;
  #group: FeatureGroup | null = null;
  #shown: Catchment | null = null;

  /** `covered` tells how many pixels of the map's lower edge lie under something else. */
  constructor(map: LeafletMap, covered: () => number) {
    this.#map = map;
    this.#covered = covered;
  }

  update(catchment: Catchment | null, isToFit: boolean): void {
    if (catchment === this.#shown) return;
    this.#shown = catchment;
    this.#group?.remove();
    this.#group = null;
    if (!catchment) return;
    const group = featureGroup();
    const bands = [...catchment.features].sort((a, b) => b.properties.minutes - a.properties.minutes);
    bands.forEach((band, i) => {
      const nearness = Math.min(BAND_COLOURS.length - 1, bands.length - 1 - i);
      const shape = geoJSON(band, {
        pane: "catchment",
        interactive: false,
        style: {
          color: BAND_COLOURS[nearness],
          weight: 2,
          dashArray: DASHES[nearness],
          fillOpacity: 0.13,
          fillColor: BAND_COLOURS[nearness],
        },
      });
      shape.addTo(group);
      const top = northernmost(band.geometry);
      if (!top) return;
      marker(top, {
        pane: "catchment",
        interactive: false,
        keyboard: false,
        icon: divIcon({
          className: "kk-band-label",
          html: `<span>${t("minutes", { value: band.properties.minutes })}</span>`,
          iconSize: [0, 0],
        }),
      }).addTo(group);
    });
    this.#group = group.addTo(this.#map);
    if (!isToFit) return;
    this.#map.fitBounds(group.getBounds(), {
      maxZoom: 17,
      paddingTopLeft: [30, 30],
      paddingBottomRight: [30, 30 + this.#covered()],
    });
  }
}

function northernmost(geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon): [number, number] | null {
  const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
  let best: [number, number] | null = null;
  for (const [lon, lat] of rings.flat()) {
    if (lon !== undefined && lat !== undefined && (!best || lat > best[0])) best = [lat, lon];
  }
  return best;
}
