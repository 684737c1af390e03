import { divIcon, type Map as LeafletMap, type Marker, marker } from "leaflet";
import type { Position } from "../api/types.ts";
import { LETTERS, PLACE_COLOURS } from "./bands.ts";

const STEP_PX = 8;
const FAR_STEP_PX = 48;
const REST_MS = 700;

export interface Marked {
  at: Position;
  name: string;
}

interface Moves {
  /** A place is on the move. */
  drag: (index: number, lon: number, lat: number) => void;
  /** It was let go. */
  drop: (index: number, lon: number, lat: number) => void;
}

const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/** A pin with a letter per place, to be dragged, or moved with the arrow keys. */
export class PlaceMarkers {
  readonly #map: LeafletMap;
  readonly #moves: Moves;
  readonly #pins: Marker[] = [];
  #moving: number | null = null;
  #rest = 0;

  constructor(map: LeafletMap, moves: Moves) {
    this.#map = map;
    this.#moves = moves;
  }

  update(places: readonly (Marked | null)[]): void {
    while (this.#pins.length > places.length) this.#pins.pop()?.remove();
    places.forEach((place, i) => {
      const pin = this.#pins[i] ?? this.#make(i);
      this.#pins[i] = pin;
      if (!place) {
        pin.remove();
        return;
      }
      if (this.#moving !== i) pin.setLatLng([place.at[1], place.at[0]]);
      if (!this.#map.hasLayer(pin)) pin.addTo(this.#map);
      const element = pin.getElement();
      element?.setAttribute("aria-label", place.name);
      element?.setAttribute("title", place.name);
      element?.classList.toggle("alone", places.length === 1);
    });
  }

  #make(index: number): Marker {
    const icon = divIcon({
      className: "kk-place",
      html: `<i style="--place:${PLACE_COLOURS[index]}"><b>${LETTERS[index]}</b></i>`,
      iconSize: [34, 44],
      iconAnchor: [17, 42],
    });
    const pin = marker([0, 0], { pane: "places", icon, draggable: true, autoPan: true });
    pin.on("dragstart", () => {
      this.#moving = index;
    });
    pin.on("drag", () => {
      const { lat, lng } = pin.getLatLng();
      this.#moves.drag(index, lng, lat);
    });
    pin.on("dragend", () => this.#let(index));
    pin.on("add", () => {
      const element = pin.getElement()!;
      element.addEventListener("keydown", (event) => this.#key(index, event));
      element.addEventListener("blur", () => this.#rest && this.#let(index));
    });
    return pin;
  }

  #key(index: number, event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    // The map itself moves with the same keys.
    event.preventDefault();
    event.stopPropagation();
    const pin = this.#pins[index]!;
    const step = event.shiftKey ? FAR_STEP_PX : STEP_PX;
    const at = this.#map.latLngToContainerPoint(pin.getLatLng()).add([arrow[0] * step, arrow[1] * step]);
    const { lat, lng } = this.#map.containerPointToLatLng(at);
    pin.setLatLng([lat, lng]);
    this.#moving = index;
    this.#moves.drag(index, lng, lat);
    window.clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => this.#let(index), REST_MS);
  }

  #let(index: number): void {
    window.clearTimeout(this.#rest);
    this.#rest = 0;
    this.#moving = null;
    const { lat, lng } = this.#pins[index]!.getLatLng();
    this.#moves.drop(index, lng, lat);
  }
}
