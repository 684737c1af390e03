import { divIcon, geoJSON, type LayerGroup, type Map as LeafletMap, layerGroup, marker } from "leaflet";
import type { Areas } from "../api/types.ts";

/** The border of the municipality and its cores. */
export class AreasLayer {
  readonly #map: LeafletMap;
  #group: LayerGroup | null = null;
  #shown: Areas | null = null;

  constructor(map: LeafletMap) {
    this.#map = map;
  }

  update(areas: Areas | null): void {
    if (areas === this.#shown) return;
    this.#shown = areas;
    this.#group?.remove();
    this.#group = null;
    if (!areas) return;
    const group = layerGroup();
    for (const feature of areas.features) {
      const { kind, name } = feature.properties;
      if (!feature.geometry || kind === "neighbourhood") continue;
      const isCore = kind === "core";
      const shape = geoJSON(feature, {
        pane: "areas",
        interactive: false,
        style: isCore
          ? {
              color: "#0b5563",
              weight: 1.8,
              dashArray: "8 5",
              fill: true,
              fillColor: "#0b5563",
              fillOpacity: 0.035,
            }
          : { color: "#6b767c", weight: 1.5, dashArray: "12 4 2 4", fill: false },
      }).addTo(group);
      if (!isCore || !name) continue;
      const bounds = shape.getBounds();
      const label = marker([bounds.getSouth(), bounds.getCenter().lng], {
        pane: "areas",
        interactive: false,
        keyboard: false,
        icon: divIcon({ className: "kk-core-label", html: "<span></span>", iconSize: [0, 0] }),
      });
      label.on("add", () => {
        label.getElement()!.querySelector("span")!.textContent = name;
      });
      label.addTo(group);
    }
    this.#group = group.addTo(this.#map);
  }
}
