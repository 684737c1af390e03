import { type Map as LeafletMap, type LeafletMouseEvent, tooltip } from "leaflet";
import { CaseLayer } from "../acquisition/case-layer.ts";
import type { Points } from "../api/types.ts";
import { SharingLayer } from "../branches/sharing-layer.ts";
import { EventLayer } from "../event/event-layer.ts";
import { SensorLayer } from "../footfall/sensor-layer.ts";
import { StreetLayer } from "../footfall/street-layer.ts";
import { MatchLayer } from "../match/match-layer.ts";
import { ParkingLayer } from "../parking/parking-layer.ts";
import { AreasLayer } from "../places/areas-layer.ts";
import { HighlightLayer } from "../places/highlight-layer.ts";
import { ParcelLayer } from "../places/parcel-layer.ts";
import { UnitLayer } from "../places/unit-layer.ts";
import { number, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { ready } from "../ui/loadable.ts";
import { ClusterLayer } from "../vacancy/cluster-layer.ts";
import { unitsShown } from "../vacancy/clusters-shown.ts";
import { RegisterLayer } from "../vacancy/register-layer.ts";
import { CatchmentMap } from "./catchment-map.ts";
import type { Session } from "./session.ts";
import { type LayerName, showsStreets } from "./view.ts";

interface Choices {
  unit: (id: number | null) => void;
  hover: (index: number | null) => void;
  cluster: (id: number) => void;
  street: (id: number) => void;
  case: (id: number) => void;
  covered: () => number;
  /** A place on the map was pointed at, and perhaps a shop unit there. */
  pick: (lon: number, lat: number, unit: number | null) => void;
}

/** A layer of the map: its place in the menu, and what it draws of the session when it is on. */
interface Entry {
  name: LayerName | null;
  update: (session: Session, isOn: boolean) => void;
}

/** All layers on the map; a new one is one line in `#entries` and one name in `LAYERS`. */
export class Layers {
  readonly units: UnitLayer;
  readonly #map: LeafletMap;
  readonly #highlight: HighlightLayer;
  readonly #entries: Entry[];
  readonly #hint = tooltip({ className: "kk-hint", opacity: 1 });
  #session: Session | null = null;

  constructor(map: LeafletMap, choices: Choices) {
    this.#map = map;
    this.units = new UnitLayer("units");
    this.units.addTo(map);
    this.#highlight = new HighlightLayer(map);
    const areas = new AreasLayer(map);
    const streets = new StreetLayer(map);
    const clusters = new ClusterLayer(map, choices.cluster);
    const legal = new RegisterLayer(map, "legal-vacancy");
    const premises = new RegisterLayer(map, "business-premises");
    const sensors = new SensorLayer(map);
    const parking = new ParkingLayer(map);
    const cases = new CaseLayer(map, choices.case);
    const matches = new MatchLayer(map, choices.unit);
    // It draws itself when a panel asks whom a new shop would share people with.
    new SharingLayer(map, choices.unit);
    const parcel = new ParcelLayer(map);
    const event = new EventLayer(map);
    const catchment = new CatchmentMap(map, choices.covered, (lon, lat) => {
      const index = this.units.pick(map, map.latLngToContainerPoint([lat, lon]), true);
      choices.pick(lon, lat, this.#idAt(index));
    });
    this.#entries = [
      { name: "cores", update: ({ loaded }, isOn) => areas.update(isOn ? ready(loaded.areas) : null) },
      {
        name: null,
        update: ({ view, street }) => streets.update(showsStreets(view) ? view.municipality : null, street),
      },
      { name: null, update: (session) => parcel.update(ready(session.unit)?.parcel?.id ?? null) },
      { name: null, update: (session) => catchment.update(session) },
      {
        name: "clusters",
        // Those of the list were found in the register of today.
        update: ({ loaded, clustersShown: shown, view }, isOn) => {
          const todays = view.on ? null : ready(loaded.clusters);
          clusters.update(isOn ? (shown?.clusters ?? todays) : null, shown?.selected ?? null);
        },
      },
      { name: "legal", update: ({ view }, isOn) => legal.update(isOn ? view.municipality : null) },
      { name: "premises", update: ({ view }, isOn) => premises.update(isOn ? view.municipality : null) },
      { name: "parking", update: ({ loaded }, isOn) => parking.update(isOn ? ready(loaded.parking) : null) },
      {
        name: "sensors",
        update: ({ loaded }, isOn) => sensors.update(isOn ? (ready(loaded.sensors)?.items ?? null) : null),
      },
      {
        name: null,
        update: ({ view, eventDraft }) => event.update(view.section === "events" ? eventDraft : null),
      },
      {
        name: null,
        update: ({ view }) => cases.update(view.tab === "cases" && view.section !== "seek", view.case),
      },
      { name: null, update: ({ view }) => matches.update(view.tab === "cases" && view.section === "seek") },
      { name: null, update: (session) => this.#showUnits(session) },
    ];
    map.on("click", (event: LeafletMouseEvent) => {
      const index = this.#pick(event);
      const id = this.#idAt(index);
      if (this.#session?.catchments.pick) choices.pick(event.latlng.lng, event.latlng.lat, id);
      else if (id !== null) choices.unit(id);
      else this.#pickStreet(streets, event, choices.street);
    });
    map.on("mousemove", (event: LeafletMouseEvent) => choices.hover(this.#pick(event)));
    map.on("mouseout", () => choices.hover(null));
  }

  #pickStreet(streets: StreetLayer, event: LeafletMouseEvent, choose: (id: number) => void): void {
    const target = event.originalEvent.target as Element;
    if (target.closest?.(".leaflet-marker-icon, .leaflet-popup, .leaflet-interactive")) return;
    const street = streets.pick(event.containerPoint);
    if (street !== null) choose(street);
  }

  #idAt(index: number | null): number | null {
    return index === null ? null : (this.#session?.points?.ids[index] ?? null);
  }

  #pick(event: LeafletMouseEvent): number | null {
    const original = event.originalEvent as PointerEvent;
    // A sign or a popup lies over the units below it.
    if ((original.target as Element).closest?.(".leaflet-marker-icon, .leaflet-popup")) return null;
    return this.units.pick(this.#map, event.containerPoint, original.pointerType === "touch");
  }

  update(session: Session): void {
    this.#session = session;
    for (const entry of this.#entries) {
      entry.update(session, entry.name === null || session.view.layers.includes(entry.name));
    }
  }

  #showUnits(session: Session): void {
    const { points, ranking } = session;
    if (!points || !ranking) {
      this.units.update(null);
      this.#highlight.update(null, null);
      this.#hint.remove();
      return;
    }
    const { colouring, fades } = session.view;
    const inCluster = unitsShown(points, session.clustersShown);
    const shown = inCluster ?? session.filtered;
    this.units.update({ points, shown, score: ranking.score, colouring, fades });
    const { selectedIndex: selected, hovered } = session;
    const place = (i: number | null) => (i === null ? null : { lat: points.lat[i]!, lon: points.lon[i]! });
    this.#highlight.update(hovered === selected ? null : place(hovered), place(selected));
    this.#map.getContainer().style.cursor = hovered === null || session.catchments.pick ? "" : "pointer";
    this.#showHint(points, hovered, ranking.score);
  }

  #showHint(points: Points, i: number | null, score: ArrayLike<number>): void {
    if (i === null || i === this.#session?.selectedIndex) {
      this.#hint.remove();
      return;
    }
    const box = document.createElement("div");
    const heading = document.createElement("strong");
    heading.textContent = points.address[i] ?? t("list.no_address");
    const area = points.floor_area_m2[i];
    const line = document.createElement("span");
    line.textContent = [
      points.state[i] === "occupied" && points.name[i] ? points.name[i] : tCode("state", points.state[i]),
      typeof area === "number" ? squareMetres(area) : null,
      Number.isNaN(score[i]!) ? null : t("hint.score", { score: number(score[i]!) }),
    ]
      .filter(Boolean)
      .join(" · ");
    box.append(heading, line);
    const place: [number, number] = [points.lat[i]!, points.lon[i]!];
    const side = roomAround(this.#map.latLngToContainerPoint(place), this.#map.getSize());
    this.#hint.options.direction = side;
    this.#hint.options.offset = SIDES[side];
    this.#hint.setContent(box).setLatLng(place);
    if (!this.#map.hasLayer(this.#hint)) this.#hint.addTo(this.#map);
  }
}

const SIDES = { top: [0, -10], bottom: [0, 10], left: [-10, 0], right: [10, 0] } satisfies Record<
  string,
  [number, number]
>;

/** The side of a place on which a hint of ordinary size stays within the map. */
function roomAround(at: { x: number; y: number }, size: { x: number; y: number }): keyof typeof SIDES {
  if (at.x > size.x - 130) return "left";
  if (at.x < 130) return "right";
  return at.y < 80 ? "bottom" : "top";
}
