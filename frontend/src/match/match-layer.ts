import { divIcon, type LayerGroup, type Map as LeafletMap, layerGroup, marker } from "leaflet";
import { t } from "../text/index.ts";
import { matchStore } from "./store.ts";
import { metText } from "./words.ts";

/** What matches, on the map: a sign at every unit that is not out, with its rank. */
export class MatchLayer {
  readonly #map: LeafletMap;
  readonly #choose: (id: number) => void;
  #group: LayerGroup | null = null;
  #isOn = false;

  constructor(map: LeafletMap, choose: (id: number) => void) {
    this.#map = map;
    this.#choose = choose;
    matchStore.addEventListener("change", () => this.#draw());
  }

  update(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    this.#draw();
  }

  #draw(): void {
    this.#group?.remove();
    this.#group = null;
    if (!this.#isOn || !matchStore.shown) return;
    const group = layerGroup();
    for (const item of matchStore.shown.items) {
      if (item.rank === null) continue;
      const name = t("match.sign", { rank: item.rank, address: item.address, met: metText(item) });
      const html = `<span class="kk-case-sign${item.verdict === "unclear" ? " unclear" : ""}">${item.rank}</span>`;
      marker([item.lat, item.lon], {
        icon: divIcon({ className: "kk-case", html, iconSize: [26, 26], iconAnchor: [13, 30] }),
        title: name,
        alt: name,
        keyboard: true,
        zIndexOffset: -item.rank,
      })
        .on("click", () => this.#choose(item.shop_unit_id))
        .on("keypress", ({ originalEvent }) => {
          if ((originalEvent as KeyboardEvent).key === "Enter") this.#choose(item.shop_unit_id);
        })
        .addTo(group);
    }
    this.#group = group.addTo(this.#map);
  }
}
