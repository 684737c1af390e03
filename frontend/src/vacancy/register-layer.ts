import { divIcon, geoJSON, type LayerGroup, type Map as LeafletMap, layerGroup, marker } from "leaflet";
import { api } from "../api/client.ts";
import type { RegisterName, RegisterProperties, RegisterRecords } from "../api/types.ts";
import { date } from "../text/format.ts";
import { language, t, tCode } from "../text/index.ts";
import { factPopup } from "../ui/fact-popup.ts";
import { layerOf, REGISTER_STYLES, registerSign } from "./register-symbol.ts";

/** Told by whoever settled a record, so that the map shows where it lies now. */
export const REGISTERS_CHANGED = "registers-change";

function facts(record: RegisterProperties): [string, string][] {
  const since = record.entered_on ?? record.found_on;
  const { exemption, exemption_until: until } = record;
  const kind = exemption && tCode("exemption", exemption);
  const rows: [string, string | null][] = [
    [t("registers.address"), record.address || null],
    [t("registers.since"), since && date(since)],
    [t("registers.status"), record.status],
    [t("registers.objection"), record.objection && tCode("objection", record.objection)],
    [
      t("registers.exemption"),
      kind && (until ? t("registers.exemption_value", { kind, on: date(until) }) : kind),
    ],
    [
      t("registers.parcel"),
      record.capakey_today ?? (record.match_doubt && tCode("match_doubt", record.match_doubt)),
    ],
  ];
  return rows.filter((row): row is [string, string] => Boolean(row[1]));
}

/** The records of one register: the ground they lie on, and a sign that opens what is known of them. */
export class RegisterLayer {
  readonly #map: LeafletMap;
  readonly #register: RegisterName;
  #group: LayerGroup | null = null;
  #municipality: string | null = null;
  #language = "";
  #records: RegisterRecords | null = null;
  #abort = new AbortController();

  constructor(map: LeafletMap, register: RegisterName) {
    this.#map = map;
    this.#register = register;
    window.addEventListener(REGISTERS_CHANGED, () => void this.#load());
  }

  /** Show the register of a municipality; null shows nothing. */
  update(municipality: string | null): void {
    if (municipality !== this.#municipality) {
      this.#municipality = municipality;
      this.#records = null;
      this.#draw();
      void this.#load();
    } else if (this.#records && this.#language !== language()) this.#draw();
  }

  async #load(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    if (!this.#municipality) return;
    try {
      this.#records = await api.registerRecords(this.#register, this.#municipality, signal);
    } catch {
      // The section about registers says what is wrong, with the way out; the map then shows none.
      if (!signal.aborted) this.#records = null;
    }
    if (!signal.aborted) this.#draw();
  }

  #draw(): void {
    this.#language = language();
    this.#group?.remove();
    this.#group = null;
    if (!this.#records) return;
    const group = layerGroup();
    const { colour, dash, fill } = REGISTER_STYLES[this.#register];
    for (const feature of this.#records.features) {
      if (!feature.geometry) continue;
      const shape = geoJSON(feature as GeoJSON.Feature, {
        pane: "areas",
        interactive: false,
        style: { color: colour, weight: 2.5, dashArray: dash, fillColor: colour, fillOpacity: fill },
      });
      shape.addTo(group);
      const { lat, lng } = shape.getBounds().getCenter();
      this.#sign(feature.properties, [lat, lng]).addTo(group);
    }
    this.#group = group.addTo(this.#map);
  }

  #sign(record: RegisterProperties, place: [number, number]) {
    const register = t(`layer.${layerOf(this.#register)}`);
    const { dossier_number: dossier, address } = record;
    const name = t("registers.sign", { register, number: dossier, address });
    const sign = marker(place, {
      pane: "sensors",
      icon: divIcon({ className: "kk-register", html: registerSign(this.#register), iconSize: [24, 24] }),
    });
    sign.on("add", () => {
      const element = sign.getElement();
      if (!element) return;
      element.dataset.weight = "0";
      element.setAttribute("aria-label", name);
    });
    sign.bindTooltip(() => name, { className: "kk-hint", opacity: 1, direction: "top", offset: [0, -10] });
    const heading = `${register} · ${t("registers.dossier", { number: dossier })}`;
    return sign.bindPopup(() => factPopup(heading, facts(record)), { maxWidth: 300 });
  }
}
