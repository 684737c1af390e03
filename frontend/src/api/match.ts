import { officer } from "./cases.ts";
import { apiUrl, get, send } from "./request.ts";

/** What may be asked of premises, and how. */
export interface WishKind {
  code: string;
  kind: "range" | "yes" | "branches";
  unit: string | null;
  label_nl: string;
  label_fr: string;
  label_en: string;
}

export interface Wish {
  code: string;
  low: number | null;
  high: number | null;
  branches: string[];
  reach_m: 100 | 400;
  is_hard: boolean;
}

/** A wish with its words, as it stands beside what a unit has. */
export type ToldWish = Wish & Omit<WishKind, "kind">;

export interface RequirementIn {
  municipality: string;
  name: string;
  prospect_name: string | null;
  branch_code: string | null;
  case_id: number | null;
  score_profile: string | null;
  content: { wishes: Wish[] };
}

export interface Requirement extends Omit<RequirementIn, "municipality"> {
  key: string;
  nis_code: string;
  version: number;
  /** Of a case that still counts. */
  case_title: string | null;
  is_removed: boolean;
  made_by: string;
  made_at: string;
}

export interface WishAnswer {
  /** What the unit has; null: not known, or of an own branch that there is none. */
  value: number | null;
  verdict: "met" | "failed" | "unknown";
}

export interface Standing {
  verdict: "fits" | "unclear" | "out";
  rank: number | null;
  rank_best: number | null;
  rank_worst: number | null;
  may_fall_out: boolean;
  soft_met: number;
  soft_unknown: number;
  soft: number;
  hard_failed: number;
  unknown: number;
  score: number | null;
  answers: WishAnswer[];
}

export interface OfferedUnit {
  shop_unit_id: number;
  address: string;
  core: string | null;
  offer: "vacant" | "temporary" | "expected" | null;
  expected_on: string | null;
  market_status: string | null;
  floor_area_m2: number | null;
  lon: number;
  lat: number;
}

/** Units that would do together; the first gives the door. */
export interface JoinedUnits {
  shop_units: OfferedUnit[];
  floor_area_m2: number | null;
  frontage_m: number | null;
  rent_eur_per_month: number | null;
  soft_met: number;
  soft: number;
  unknown: number;
  answers: WishAnswer[];
}

export type MatchedUnit = OfferedUnit & Standing;

export interface UnitMatches {
  profile: Requirement;
  wishes: ToldWish[];
  offered: number;
  fits: number;
  unclear: number;
  out: number;
  items: MatchedUnit[];
  joined: JoinedUnits[];
  /** Whether parcels say which units stand wall to wall. */
  can_join: boolean;
  computed_at: string | null;
}

export type MatchedProfile = Standing & { profile: Requirement; wishes: ToldWish[]; joined: JoinedUnits[] };

export type UnitCandidates = OfferedUnit & {
  nis_code: string;
  items: MatchedProfile[];
  computed_at: string | null;
};

export interface Offer {
  temporary: boolean;
  expected: boolean;
}

const who = () => ({ "Kernkaart-Officer": encodeURIComponent(officer()) });
const at = (version: number) => ({ ...who(), "If-Match": String(version) });
const query = (municipality: string) => new URLSearchParams({ municipality });

/** Calls about requirement profiles and what matches them. */
export const matchApi = {
  list: (municipality: string, signal?: AbortSignal) =>
    get<{ items: Requirement[]; wishes: WishKind[] }>("requirement-profiles", { municipality }, signal),
  versions: (municipality: string, key: string) =>
    get<{ items: Requirement[] }>(`requirement-profiles/${key}/versions`, { municipality }),
  add: (body: RequirementIn) => send<Requirement>("POST", "requirement-profiles", body, who()),
  change: (key: string, version: number, body: RequirementIn) =>
    send<Requirement>("PUT", `requirement-profiles/${key}`, body, at(version)),
  remove: (municipality: string, key: string, version: number) =>
    send<Requirement>("DELETE", `requirement-profiles/${key}?${query(municipality)}`, undefined, at(version)),
  units: (municipality: string, key: string, offer: Offer, signal?: AbortSignal) =>
    get<UnitMatches>(`requirement-profiles/${key}/matches`, { municipality, ...offer }, signal),
  fileUrl: (municipality: string, key: string, offer: Offer) =>
    apiUrl(`requirement-profiles/${key}/matches.csv`, { municipality, ...offer }),
  candidates: (unit: number, signal?: AbortSignal) =>
    get<UnitCandidates>(`shop-units/${unit}/candidates`, {}, signal),
  begin: (municipality: string, key: string, units: number[]) =>
    send<{ case: { id: number; title: string }; is_new: boolean; profile: Requirement }>(
      "POST",
      `requirement-profiles/${key}/cases?${query(municipality)}`,
      { shop_units: units },
      who(),
    ),
};
