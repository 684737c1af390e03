import type { ClusterFigures, ClusterInventory, ClusterVerdict } from "../api/types.ts";
import { number, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";

const CLASSES = [
  ["initial", "initial"],
  ["long_term", "long_term"],
  ["structural", "structural"],
  ["unknown_duration", "unknown"],
] as const;

/** How many times as often as elsewhere; outside may be nothing vacant at all. */
export function riskText({ relative_risk: risk }: ClusterFigures): string {
  return Number.isFinite(risk) && risk !== null
    ? t("clusters.risk", { risk: number(risk, risk < 10 ? 1 : 0) })
    : t("clusters.risk_all");
}

export function floorAreaText({ floor_area_m2: area, without_floor_area: without }: ClusterFigures): string {
  if (area === null) return t("clusters.area_none");
  const value = squareMetres(area);
  return without
    ? t("clusters.area_part", { area: value, n: number(without) })
    : t("clusters.area", { area: value });
}

/** The vacant units by how long they have been so; nothing where an earlier version did not store it. */
export function durationText(cluster: ClusterFigures): string {
  const parts = CLASSES.flatMap(([key, code]) => {
    const n = cluster[key];
    return n ? [`${tCode("vacancy_class", code).toLowerCase()}: ${number(n)}`] : [];
  });
  if (parts.length === 0) return "";
  const uncertain = cluster.uncertain_duration
    ? ` ${t("clusters.uncertain", { n: number(cluster.uncertain_duration) })}`
    : "";
  return t("clusters.lasted", { parts: parts.join(", ") }) + uncertain;
}

export function persistenceText({ inventories, change }: ClusterFigures): string {
  if (inventories !== null && inventories > 1) return t("clusters.persisted", { n: number(inventories) });
  return change === "new" ? t("clusters.first") : "";
}

/** What an inventory said, in a few words for a list. */
export function inventoryText({ reason, clusters }: ClusterInventory): string {
  if (clusters.length === 1) return t("clusters.found_one");
  if (clusters.length > 1) return t("clusters.found", { n: number(clusters.length) });
  return reason === "not_more_than_chance" ? t("clusters.found_none") : t("clusters.too_few");
}

/** What was expected of each unit; only told where something was tested. */
export function expectedText(verdict: ClusterVerdict): string {
  if (verdict.question !== "location" || verdict.tested_units === undefined) return "";
  if (verdict.reason.startsWith("too_few")) return "";
  return t(verdict.null_model === "homogeneous" ? "clusters.flat" : "clusters.adjusted");
}

/** How many inventories still show a cluster when corrected for looking at all; nothing to say of one alone. */
export function holmText(inventories: readonly ClusterInventory[]): string {
  const tested = inventories.filter((row) => row.p_value_over_inventories !== null);
  if (tested.length < 2) return "";
  const kept = tested.filter((row) => row.p_value_over_inventories! <= 0.05).length;
  return t("clusters.holm", { n: number(tested.length), kept: number(kept) });
}
