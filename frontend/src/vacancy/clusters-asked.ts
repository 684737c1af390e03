import type { ClusterQuestion } from "../api/types.ts";
import { readPastDay } from "./past-days.ts";

export const CLUSTER_QUESTIONS: readonly ClusterQuestion[] = ["location", "average"];

/** What the section about clusters asks and has open; it lives in the address. */
export interface ClustersAsked {
  question: ClusterQuestion;
  /** The inventory that is shown; null: today's. */
  day: string | null;
  withDissolved: boolean;
  /** The cluster that the map shows the units of. */
  chosen: number | null;
}

export const NO_CLUSTERS_ASKED: ClustersAsked = {
  question: "location",
  day: null,
  withDissolved: false,
  chosen: null,
};

export function readClusters(q: URLSearchParams): ClustersAsked {
  const chosen = q.get("cluster_shown") ?? "";
  return {
    question: q.get("cluster_question") === "average" ? "average" : "location",
    day: readPastDay(q.get("cluster_day")),
    withDissolved: q.get("cluster_dissolved") === "1",
    chosen: /^\d{1,15}$/.test(chosen) ? Number(chosen) : null,
  };
}

export function writeClusters(asked: ClustersAsked, q: URLSearchParams): void {
  if (asked.question !== NO_CLUSTERS_ASKED.question) q.set("cluster_question", asked.question);
  if (asked.day) q.set("cluster_day", asked.day);
  if (asked.withDissolved) q.set("cluster_dissolved", "1");
  if (asked.chosen !== null) q.set("cluster_shown", String(asked.chosen));
}
