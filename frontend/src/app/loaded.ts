import { api } from "../api/client.ts";
import type {
  Areas,
  Clusters,
  MunicipalityDetail,
  ParkingZones,
  Points,
  Sensor,
  Vacancy,
} from "../api/types.ts";
import { registerCodes } from "../text/index.ts";
import { IDLE, type Loadable } from "../ui/loadable.ts";

/** Code lists whose labels the panels show; without them a code shows itself. */
const SCHEMES = [
  "branch",
  "case_activity_kind",
  "case_actor",
  "case_change_kind",
  "case_need",
  "case_owner_state",
  "case_state",
  "case_unit_response",
  "cause",
  "end_reason",
  "exemption",
  "fitout_state",
  "floor_level",
  "instrument",
  "lifecycle",
  "loss_reason",
  "market_status",
  "match_doubt",
  "match_offer",
  "measure_kind",
  "objection",
  "origin",
  "parking_regime",
  "public_place_kind",
  "relation_kind",
  "score_profile",
];

/** What is known of the municipality on the screen. */
export interface Loaded {
  municipality: Loadable<MunicipalityDetail>;
  points: Loadable<Points>;
  areas: Loadable<Areas>;
  clusters: Loadable<Clusters>;
  sensors: Loadable<{ items: Sensor[] }>;
  parking: Loadable<ParkingZones>;
  vacancy: Loadable<Vacancy>;
}

export const NOTHING: Loaded = {
  municipality: IDLE,
  points: IDLE,
  areas: IDLE,
  clusters: IDLE,
  sensors: IDLE,
  parking: IDLE,
  vacancy: IDLE,
};

/** Fetch the labels of those code lists. */
export function loadLabels(): void {
  for (const scheme of SCHEMES) {
    api.codeList(scheme).then(
      ({ items }) => registerCodes(scheme, items),
      // A label that cannot be had is no reason to show an error: the code itself stays readable.
      () => undefined,
    );
  }
}
