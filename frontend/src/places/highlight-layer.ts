import { divIcon, type Map as LeafletMap, type Marker, marker } from "leaflet";
import { unitRadius } from "./unit-style.ts";

interface Place {
  lat: number;
  lon: number;
}

/**
 * Rings around the shop unit that is pointed at and the one that is open.
 *
 * They are elements of their own, so that pointing at a unit does not draw a canvas again.
 */
export class HighlightLayer {
  readonly #map: LeafletMap;
  readonly #rings: Record<"hovered" | "selected", Marker>;

  constructor(map: LeafletMap) {
    this.#map = map;
    this.#rings = { hovered: ring("hovered"), selected: ring("selected") };
    const resize = () => {
      map
        .getContainer()
        .style.setProperty("--ring", `${Math.round(2 * (unitRadius(map.getZoom()) * 1.35 + 5))}px`);
    };
    map.on("zoomend", resize);
    resize();
  }

  update(hovered: Place | null, selected: Place | null): void {
    this.#put("hovered", hovered);
    this.#put("selected", selected);
  }

  #put(name: "hovered" | "selected", place: Place | null): void {
    const own = this.#rings[name];
    if (!place) {
      own.remove();
      return;
    }
    own.setLatLng([place.lat, place.lon]);
    if (!this.#map.hasLayer(own)) own.addTo(this.#map);
  }
}

function ring(name: string): Marker {
  return marker([0, 0], {
    pane: "highlight",
    interactive: false,
    keyboard: false,
    icon: divIcon({ className: `kk-ring ${name}`, html: "<i></i>", iconSize: [0, 0] }),
  });
}
