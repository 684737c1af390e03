import { geoJSON, type Layer, type Map as LeafletMap } from "leaflet";
import { api } from "../api/client.ts";

/** The outline of the parcel on which the open shop unit stands. */
export class ParcelLayer {
  readonly #map: LeafletMap;
  #layer: Layer | null = null;
  #id: number | null = null;

  constructor(map: LeafletMap) {
    this.#map = map;
  }

  update(id: number | null): void {
    if (id === this.#id) return;
    this.#id = id;
    this.#layer?.remove();
    this.#layer = null;
    if (id === null) return;
    api.parcel(id).then(
      (feature) => {
        if (this.#id !== id) return;
        this.#layer = geoJSON(feature, {
          pane: "areas",
          interactive: false,
          style: { color: "#073f4a", weight: 2, fillColor: "#0b5563", fillOpacity: 0.12 },
        }).addTo(this.#map);
      },
      // An outline is an extra: the panel names the parcel either way.
      () => undefined,
    );
  }
}
