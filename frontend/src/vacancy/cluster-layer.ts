import { divIcon, geoJSON, type LayerGroup, type Map as LeafletMap, layerGroup, marker } from "leaflet";
import type { Clusters } from "../api/types.ts";
import { labelOf, language, t } from "../text/index.ts";

const HERE = { color: "#8f2f06", weight: 2.5, fillColor: "#c4450f", fillOpacity: 0.09 };
const CHOSEN = { ...HERE, weight: 4.5, fillOpacity: 0.16 };
const DISSOLVED = { color: "#45545d", weight: 2, dashArray: "7 7", fillColor: "#45545d", fillOpacity: 0.05 };

/** Vacancy clusters as outlines with their name; dashed where they are no more. */
export class ClusterLayer {
  readonly #map: LeafletMap;
  readonly #choose: (id: number) => void;
  #group: LayerGroup | null = null;
  #shown: string | null = null;
  #clusters: Clusters | null = null;
  #chosen: number | null = null;

  constructor(map: LeafletMap, choose: (id: number) => void) {
    this.#map = map;
    this.#choose = choose;
  }

  update(clusters: Clusters | null, chosen: number | null = null): void {
    if (clusters === this.#clusters && chosen === this.#chosen && this.#shown === language()) return;
    this.#clusters = clusters;
    this.#chosen = chosen;
    this.#shown = language();
    this.#group?.remove();
    this.#group = null;
    if (!clusters) return;
    const group = layerGroup();
    for (const feature of clusters.features) this.#draw(feature, group);
    this.#group = group.addTo(this.#map);
  }

  #draw(feature: Clusters["features"][number], group: LayerGroup): void {
    const { properties, id } = feature;
    if (!feature.geometry) return;
    const gone = properties.is_dissolved;
    const shape = geoJSON(feature, {
      pane: "clusters",
      interactive: false,
      style: gone ? DISSOLVED : id === this.#chosen ? CHOSEN : HERE,
    });
    const { label: name, vacant, units } = properties;
    const text = gone
      ? t("clusters.map_dissolved", { label: name })
      : t("cluster.label", { label: name, vacant, units });
    const bounds = shape.getBounds();
    const label = marker([bounds.getNorth(), bounds.getCenter().lng], {
      pane: "sensors",
      icon: divIcon({ className: "kk-cluster-label", html: `<span></span>`, iconSize: undefined }),
      title: labelOf(properties, "sentence"),
      // Nothing can be listed of what is no more.
      interactive: !gone,
      keyboard: !gone,
    });
    label.on("add", () => {
      const element = label.getElement();
      if (!element) return;
      element.dataset.weight = String(gone ? vacant : 1e9 + vacant);
      element.setAttribute("aria-label", `${text}. ${labelOf(properties, "sentence")}`);
      element.querySelector("span")!.textContent = text;
    });
    label.on("click", () => this.#choose(id));
    shape.addTo(group);
    label.addTo(group);
  }
}
