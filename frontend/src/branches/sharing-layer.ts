import { divIcon, type LayerGroup, type Map as LeafletMap, layerGroup, marker } from "leaflet";
import { percent } from "../text/format.ts";
import { t } from "../text/index.ts";
import { MIDDLE, sharingStore } from "./sharing-store.ts";

/** On the map: at every existing shop the share of its people whom a new one would reach too. */
export class SharingLayer {
  readonly #map: LeafletMap;
  readonly #choose: (id: number) => void;
  #group: LayerGroup | null = null;

  constructor(map: LeafletMap, choose: (id: number) => void) {
    this.#map = map;
    this.#choose = choose;
    sharingStore.addEventListener("change", () => this.#draw());
  }

  #draw(): void {
    this.#group?.remove();
    const group = layerGroup();
    for (const shop of sharingStore.shops) {
      const share = shop.bands[MIDDLE]?.shared_share ?? null;
      if (share === null) continue;
      const name = t("sharing.sign", { name: shop.name ?? shop.address ?? "", share: percent(share, 0) });
      marker([shop.lat, shop.lon], {
        icon: divIcon({
          className: "kk-sharing",
          html: `<span class="kk-sharing-sign">${percent(share, 0)}</span>`,
          iconSize: [44, 22],
          iconAnchor: [22, 28],
        }),
        title: name,
        alt: name,
        keyboard: true,
      })
        .on("click", () => this.#choose(shop.id))
        .on("keypress", ({ originalEvent }) => {
          if ((originalEvent as KeyboardEvent).key === "Enter") this.#choose(shop.id);
        })
        .addTo(group);
    }
    this.#group = group.addTo(this.#map);
  }
}
