import { divIcon, type LayerGroup, type Map as LeafletMap, layerGroup, marker } from "leaflet";
import type { Sensor } from "../api/types.ts";
import { date, number, percent, roughly } from "../text/format.ts";
import { language, t, tCode } from "../text/index.ts";
import { factPopup } from "../ui/fact-popup.ts";

/** The day's mean, with its interval where that is known, and the days it rests on. */
function dayText({ value, lower, upper, n_days }: NonNullable<Sensor["footfall_per_day"]>): string {
  const days = n_days === null ? t("unknown") : number(n_days);
  if (lower === null || upper === null) return t("sensor.per_day_days", { value: roughly(value), days });
  return t("sensor.per_day_value", {
    value: roughly(value),
    lower: roughly(lower),
    upper: roughly(upper),
    days,
  });
}

function facts(sensor: Sensor): [string, string][] {
  const day = sensor.footfall_per_day;
  const rows: [string, string | null][] = [
    [t("sensor.per_day"), day ? dayText(day) : t("footfall.no_counts")],
    [t("sensor.measures"), tCode("measure_kind", sensor.measure_kind)],
    [t("sensor.instrument"), sensor.instrument ? tCode("instrument", sensor.instrument) : null],
    [
      t("sensor.period"),
      sensor.first_at && sensor.last_at ? `${date(sensor.first_at)} – ${date(sensor.last_at)}` : null,
    ],
    [t("sensor.flagged"), sensor.flagged_share === null ? null : percent(sensor.flagged_share)],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== null);
}

/** Tell the application that more is wanted about a sensor. */
function openSensor(from: HTMLElement, id: number): void {
  const detail = { tab: "footfall", section: "overview", sensor: id };
  from.dispatchEvent(new CustomEvent("view-change", { detail, bubbles: true, composed: true }));
}

/** Footfall sensors with the people they count on a day. */
export class SensorLayer {
  readonly #map: LeafletMap;
  #group: LayerGroup | null = null;
  #key: unknown = null;
  #language = "";

  constructor(map: LeafletMap) {
    this.#map = map;
  }

  update(sensors: readonly Sensor[] | null): void {
    if (sensors === this.#key && this.#language === language()) return;
    this.#key = sensors;
    this.#language = language();
    this.#group?.remove();
    this.#group = null;
    if (!sensors) return;
    const group = layerGroup();
    for (const sensor of sensors) {
      const day = sensor.footfall_per_day;
      const text = day ? t("sensor.short", { value: roughly(day.value) }) : t("sensor.short_none");
      const pin = marker([sensor.lat, sensor.lon], {
        pane: "sensors",
        icon: divIcon({ className: "kk-sensor", html: "<span></span>", iconSize: undefined }),
      });
      pin.on("add", () => {
        const element = pin.getElement();
        if (!element) return;
        // A counter matters more than any car park beside it, and the busiest counter most.
        element.dataset.weight = String(1e6 + (day?.value ?? 0));
        element.setAttribute("aria-label", `${t("sensor.name", { name: sensor.name })}: ${text}`);
        element.querySelector("span")!.textContent = text;
      });
      const more = { text: t("sensor.more"), go: (from: HTMLElement) => openSensor(from, sensor.id) };
      pin.bindPopup(() => factPopup(t("sensor.name", { name: sensor.name }), facts(sensor), more), {
        maxWidth: 280,
      });
      pin.addTo(group);
    }
    this.#group = group.addTo(this.#map);
  }
}
