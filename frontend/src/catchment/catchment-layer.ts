import {
  divIcon,
  type FeatureGroup,
  featureGroup,
  geoJSON,
  type Map as LeafletMap,
  type Marker,
  marker,
} from "leaflet";
import type { Outline, Side } from "./drawing.ts";

const MOST_COVERED = 0.55;

/** The shapes of catchments on the map, each with its own line and its name written on it. */
export class CatchmentLayer {
  readonly #map: LeafletMap;
  readonly #covered: () => number;
  #group: FeatureGroup | null = null;
  #shown: readonly Outline[] | null = null;

  /** `covered` tells how many pixels of the map's lower edge lie under something else. */
  constructor(map: LeafletMap, covered: () => number) {
    this.#map = map;
    this.#covered = covered;
  }

  update(outlines: readonly Outline[] | null): void {
    if (outlines === this.#shown) return;
    this.#shown = outlines;
    this.#group?.remove();
    this.#group = null;
    if (!outlines?.length) return;
    const group = featureGroup();
    for (const outline of outlines) {
      geoJSON(outline.geometry, {
        pane: "catchment",
        interactive: false,
        style: {
          color: outline.colour,
          weight: outline.weight,
          dashArray: outline.dash,
          fillOpacity: outline.fillOpacity,
          fillColor: outline.colour,
        },
      } as L.GeoJSONOptions).addTo(group);
      const { label } = outline;
      const end = label && endOf(outline.geometry, label.side);
      if (label && end) named(end, label).addTo(group);
    }
    this.#group = group.addTo(this.#map);
  }

  /** Bring everything that is drawn into view. */
  showAll(): void {
    const bounds = this.#group?.getBounds();
    // Where nobody is left, as between competitors, there is a shape without points.
    if (!bounds?.isValid()) return;
    // A sheet over the whole map leaves nowhere to show it: then as if it covered half.
    const bottom = Math.min(this.#covered(), MOST_COVERED * this.#map.getSize().y);
    this.#map.fitBounds(bounds, {
      maxZoom: 17,
      paddingTopLeft: [30, 30],
      paddingBottomRight: [30, 30 + bottom],
    });
  }
}

function named(at: [number, number], label: NonNullable<Outline["label"]>): Marker {
  const icon = divIcon({ className: "kk-band-label", html: "<span></span>", iconSize: [0, 0] });
  const name = marker(at, { pane: "names", interactive: false, keyboard: false, icon });
  name.on("add", () => {
    const words = name.getElement()!.querySelector("span")!;
    words.textContent = label.text;
    words.style.color = label.colour;
  });
  return name;
}

/** How far a place lies towards a side. */
const FARNESS: Record<Side, (lon: number, lat: number) => number> = {
  north: (_, lat) => lat,
  east: (lon) => lon,
  south: (_, lat) => -lat,
  west: (lon) => -lon,
};

function endOf(geometry: Outline["geometry"], side: Side): [number, number] | null {
  const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
  const far = FARNESS[side];
  let best: [number, number] | null = null;
  for (const [lon, lat] of rings.flat()) {
    if (lon === undefined || lat === undefined) continue;
    if (!best || far(lon, lat) > far(best[1], best[0])) best = [lat, lon];
  }
  return best;
}
