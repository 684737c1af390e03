import { html, nothing, type TemplateResult } from "lit";
import type { EventEditions, EventPart, EventStudy } from "../api/types.ts";
import { metres, number, percent } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import type { Loadable } from "../ui/loadable.ts";
import { daysText, rangeText, signed } from "./words.ts";

interface Line {
  name: string;
  note?: string;
  part: Pick<EventPart, "verdict" | "reason" | "share" | "lower" | "upper">;
}

function effectTable(first: string, lines: readonly Line[]): TemplateResult {
  return html`<div class="wide">
    <table class="num">
      <thead>
        <tr>
          <th scope="col">${first}</th>
          <th scope="col">${t("events.difference")}</th>
          <th scope="col">${t("events.interval")}</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          ({ name, note, part }) => html`<tr>
            <th scope="row">${name}${note ? html`<br /><span class="muted small">${note}</span>` : nothing}</th>
            <td class=${part.verdict === "more" || part.verdict === "less" ? part.verdict : ""}>${signed(part.share)}</td>
            <td>${rangeText(part)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Whether the days around it lost what the event won; or the four weeks of a long measure one by one. */
export function movedPart(study: EventStudy): TemplateResult | typeof nothing {
  const windows = [
    { name: t("events.day_itself"), part: study.day_itself },
    { name: t("events.before"), part: study.before },
    { name: t("events.after"), part: study.after },
    { name: t("events.around"), part: study.around },
  ];
  const lines: Line[] = windows.flatMap(({ name, part }) =>
    part ? [{ name, note: daysText(part.from_on, part.to_on), part }] : [],
  );
  const blocks = study.blocks.map((part) => ({ name: daysText(part.from_on, part.to_on), part }));
  if (study.verdict === "not_measurable" && !study.day_itself) return nothing;
  return html`${
    lines.length
      ? html`<section>
          <h2>${t("events.moved_title")}</h2>
          ${effectTable(t("events.days"), lines)}
          ${study.saturday_share === null ? nothing : html`<p class="small">${t("events.saturday", { share: percent(study.saturday_share, 0) })}</p>`}
        </section>`
      : nothing
  }
  ${blocks.length ? html`<section><h2>${t("events.blocks_title")}</h2>${effectTable(t("events.days"), blocks)}</section>` : nothing}`;
}

/** What each street showed by itself, and which sensors the answer was held against, and why these. */
export function sensorsPart(study: EventStudy): TemplateResult | typeof nothing {
  const own = study.sensors.filter((row) => row.is_own && row.role !== "door");
  const others = study.sensors.filter((row) => !row.is_own);
  if (!own.length) return nothing;
  const lines = own.map((row) => ({
    name: row.name,
    note:
      row.role === "treated" || row.distance_m === null
        ? tCode("event_role", row.role)
        : t("events.role_at", { role: tCode("event_role", row.role), distance: metres(row.distance_m) }),
    part: row,
  }));
  return html`<section>
    <h2>${t("events.streets_title")}</h2>
    ${effectTable(t("events.sensor"), lines)}
    <p class="small muted">${t("events.controls_why")}</p>
    ${
      others.length
        ? html`<p class="small muted">
            ${t("events.controls_elsewhere", { names: others.map(({ name, town }) => `${name} (${town})`).join(", ") })}
          </p>`
        : nothing
    }
  </section>`;
}

/** How many of a hundred who passed went in. */
export function capturePart({ capture }: EventStudy): TemplateResult | typeof nothing {
  if (!capture || capture.share_in === null) return nothing;
  return html`<section>
    <h2>${t("events.capture_title")}</h2>
    <p class="small">
      ${t("events.capture", { share: percent(capture.share_in), change: signed(capture.share), range: rangeText(capture) })}
    </p>
  </section>`;
}

/** All times of one event side by side, and what they say together. */
export function editionsPart(editions: Loadable<EventEditions>): TemplateResult | typeof nothing {
  if (editions.status === "error") return html`<kk-error .error=${editions.error}></kk-error>`;
  if (editions.status !== "ready" || editions.value.items.length < 2) return nothing;
  const { items, together } = editions.value;
  const part = (row: typeof together | (typeof items)[number]) => ({
    verdict: row.verdict,
    reason: row.reason,
    share: row.effect_share,
    lower: row.lower_share,
    upper: row.upper_share,
  });
  const lines = items.map((row) => ({
    name: daysText(row.first_on, row.held_to),
    ...(row.cost_per_extra && {
      note: t("events.per_extra", { value: number(row.cost_per_extra.value, 2) }),
    }),
    part: part(row),
  }));
  return html`<section>
    <h2>${t("events.years_title")}</h2>
    ${effectTable(t("events.days"), lines)}
    ${together.reason ? nothing : html`<p class="small"><strong>${t("events.together", { n: together.editions })}</strong> ${labelOf(together, "sentence")}</p>`}
  </section>`;
}
