import { divIcon, geoJSON, type LayerGroup, type Map as LeafletMap, layerGroup, marker } from "leaflet";
import type { ParkingProperties, ParkingZones } from "../api/types.ts";
import { number, percent } from "../text/format.ts";
import { language, t, tCode } from "../text/index.ts";
import { factPopup } from "../ui/fact-popup.ts";

function facts(zone: ParkingProperties): [string, string][] {
  const rows: [string, string | null][] = [
    [t("parking.capacity"), zone.capacity === null ? t("unknown") : number(zone.capacity)],
    [
      t("parking.occupancy"),
      zone.occupancy
        ? t("parking.occupancy_value", {
            mean: percent(zone.occupancy.mean_share, 0),
            p85: zone.occupancy.p85_share === null ? "?" : percent(zone.occupancy.p85_share, 0),
            n: number(zone.occupancy.n ?? 0),
          })
        : t("parking.not_measured"),
    ],
    [t("parking.regime"), tCode("parking_regime", zone.regime)],
    [t("parking.max_stay"), zone.max_stay_min === null ? null : t("minutes", { value: zone.max_stay_min })],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== null);
}

/** Parking zones: an area where it is known, and a sign with the spaces and how full they are. */
export class ParkingLayer {
  readonly #map: LeafletMap;
  #group: LayerGroup | null = null;
  #shown: ParkingZones | null = null;
  #language = "";

  constructor(map: LeafletMap) {
    this.#map = map;
  }

  update(zones: ParkingZones | null): void {
    if (zones === this.#shown && this.#language === language()) return;
    this.#shown = zones;
    this.#language = language();
    this.#group?.remove();
    this.#group = null;
    if (!zones) return;
    const group = layerGroup();
    for (const feature of zones.features) {
      const { properties: zone, geometry } = feature;
      if (geometry && geometry.type !== "Point") {
        geoJSON(feature, {
          pane: "parking",
          interactive: false,
          style: { color: "#1d4f91", weight: 1.5, fillColor: "#1d4f91", fillOpacity: 0.12 },
        }).addTo(group);
      }
      this.#sign(zone).addTo(group);
    }
    this.#group = group.addTo(this.#map);
  }

  #sign(zone: ParkingProperties) {
    const spaces = zone.capacity === null ? t("unknown") : number(zone.capacity);
    const full = zone.occupancy ? percent(zone.occupancy.mean_share, 0) : null;
    const text = full ? t("parking.sign", { spaces, full }) : spaces;
    const pin = marker([zone.lat, zone.lon], {
      pane: "sensors",
      icon: divIcon({ className: "kk-parking", html: "<b></b><span></span>", iconSize: undefined }),
    });
    pin.on("add", () => {
      const element = pin.getElement();
      if (!element) return;
      element.dataset.weight = String(zone.capacity ?? 0);
      element.setAttribute("aria-label", `${t("parking.name", { name: zone.name })}: ${text}`);
      element.querySelector("span")!.textContent = text;
    });
    return pin.bindPopup(() => factPopup(t("parking.name", { name: zone.name }), facts(zone)), {
      maxWidth: 280,
    });
  }
}
