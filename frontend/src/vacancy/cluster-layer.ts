import { divIcon, geoJSON, type LayerGroup, type Map as LeafletMap, layerGroup, marker } from "leaflet";
import type { Clusters } from "../api/types.ts";
import { labelOf, language, t } from "../text/index.ts";

/** Vacancy clusters as dashed outlines with their name. */
export class ClusterLayer {
  readonly #map: LeafletMap;
  readonly #choose: (id: number) => void;
  #group: LayerGroup | null = null;
  #shown: string | null = null;
  #clusters: Clusters | null = null;

  constructor(map: LeafletMap, choose: (id: number) => void) {
    this.#map = map;
    this.#choose = choose;
  }

  update(clusters: Clusters | null): void {
    if (clusters === this.#clusters && this.#shown === language()) return;
    this.#clusters = clusters;
    this.#shown = language();
    this.#group?.remove();
    this.#group = null;
    if (!clusters) return;
    const group = layerGroup();
    for (const feature of clusters.features) {
      const { properties } = feature;
      if (!feature.geometry) continue;
      const shape = geoJSON(feature, {
        pane: "clusters",
        interactive: false,
        style: { color: "#8f2f06", weight: 2.5, dashArray: "3 6", fillColor: "#c4450f", fillOpacity: 0.09 },
      });
      const text = t("cluster.label", {
        label: properties.label,
        vacant: properties.vacant,
        units: properties.units,
      });
      const bounds = shape.getBounds();
      const label = marker([bounds.getNorth(), bounds.getCenter().lng], {
        pane: "sensors",
        icon: divIcon({ className: "kk-cluster-label", html: `<span></span>`, iconSize: undefined }),
        title: labelOf(properties, "sentence"),
      });
      label.on("add", () => {
        const element = label.getElement();
        if (!element) return;
        element.dataset.weight = String(1e9 + properties.vacant);
        element.setAttribute("aria-label", `${text}. ${labelOf(properties, "sentence")}`);
        element.querySelector("span")!.textContent = text;
      });
      label.on("click", () => this.#choose(feature.id));
      shape.addTo(group);
      label.addTo(group);
    }
    this.#group = group.addTo(this.#map);
  }
}
