import { NO_FILTERS } from "../places/filter.ts";
import type { Session } from "./session.ts";

/** List the shop units of a cluster of today. */
export function listCluster(session: Session, id: number): void {
  session.change({ tab: "units", filters: { ...NO_FILTERS, cluster: id } });
}

/** A cluster on the map was pointed at: where the section about clusters is open it is chosen there. */
export function chooseCluster(session: Session, id: number): void {
  if (session.clustersShown?.clusters) session.askClusters({ chosen: id });
  else listCluster(session, id);
}
