import type { Catchment } from "../api/types.ts";
import { number } from "../text/format.ts";
import { t } from "../text/index.ts";
import type { Place } from "./question.ts";

/** What to call a place: the address it is known by, else where it lies. */
export function placeName(place: Place, answer: Catchment | null, address: string | null): string {
  if (place.kind === "point") {
    return place.label || t("catchment.point", { lat: number(place.lat, 4), lon: number(place.lon, 4) });
  }
  const label = answer?.catchment.place?.label ?? address;
  return label ?? t(`catchment.some_${place.kind}`, { id: place.id });
}
