import { t, tCode } from "../text/index.ts";

/** Why a stored catchment is no longer of today. */
export function staleText(because: readonly string[]): string {
  const reasons = because.map((code) => tCode("stale_because", code)).join("; ");
  return t("stored.stale_because", { reasons });
}
