import type { CountFinding } from "../api/types.ts";

/** Where a finding is shown: to be judged, judged, or hours that miss and need no judgement. */
export type Shown = "open" | "decided" | "gap";

export function shownAs(finding: CountFinding): Shown {
  if (!finding.is_decidable) return "gap";
  return finding.state === "open" ? "open" : "decided";
}

/** Findings under their sensors: the sensor with the newest first, and so within each. */
export function bySensor(items: readonly CountFinding[]): [string, CountFinding[]][] {
  const groups = new Map<number, [string, CountFinding[]]>();
  for (const item of [...items].sort((one, other) =>
    one.from < other.from ? 1 : one.from > other.from ? -1 : 0,
  )) {
    const group = groups.get(item.sensor_id) ?? [item.sensor, []];
    group[1].push(item);
    groups.set(item.sensor_id, group);
  }
  return [...groups.values()];
}
