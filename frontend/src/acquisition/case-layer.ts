import { divIcon, type LayerGroup, type Map as LeafletMap, layerGroup, marker } from "leaflet";
import { CASE_STATES } from "../api/cases.ts";
import { tCode } from "../text/index.ts";
import { caseStore } from "./store.ts";

/** The same cases on the map: a sign at every candidate unit, with the place of the state in the process. */
export class CaseLayer {
  readonly #map: LeafletMap;
  readonly #choose: (id: number) => void;
  #group: LayerGroup | null = null;
  #isOn = false;
  #chosen: number | null = null;

  constructor(map: LeafletMap, choose: (id: number) => void) {
    this.#map = map;
    this.#choose = choose;
    caseStore.addEventListener("change", () => this.#draw());
  }

  update(isOn: boolean, chosen: number | null): void {
    if (isOn === this.#isOn && chosen === this.#chosen) return;
    this.#isOn = isOn;
    this.#chosen = chosen;
    this.#draw();
  }

  #draw(): void {
    this.#group?.remove();
    this.#group = null;
    if (!this.#isOn) return;
    const group = layerGroup();
    for (const item of caseStore.shown) {
      for (const unit of item.units) {
        const name = `${item.title}, ${unit.address}: ${tCode("case_state", item.state)}`;
        const isChosen = item.id === this.#chosen;
        const html = `<span class="kk-case-sign${isChosen ? " chosen" : ""}">${CASE_STATES.indexOf(item.state) + 1}</span>`;
        marker([unit.lat, unit.lon], {
          icon: divIcon({ className: "kk-case", html, iconSize: [26, 26], iconAnchor: [13, 30] }),
          title: name,
          alt: name,
          keyboard: true,
          zIndexOffset: isChosen ? 1000 : 0,
        })
          .on("click", () => this.#choose(item.id))
          .on("keypress", ({ originalEvent }) => {
            if ((originalEvent as KeyboardEvent).key === "Enter") this.#choose(item.id);
          })
          .addTo(group);
      }
    }
    this.#group = group.addTo(this.#map);
  }
}
