import { svg, type TemplateResult } from "lit";

const PATHS = {
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20a7.5 7.5 0 0 1 15 0",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20",
  filter: "M4 6h16M7 12h10M10 18h4",
  close: "M6 6l12 12M18 6 6 18",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  print: "M7 9V4h10v5M7 17H5a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1h14a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M7 14h10v6H7z",
  download: "M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14",
  layers: "m12 4 9 5-9 5-9-5zM3.5 13.5 12 18l8.5-4.5",
  plus: "M12 5v14M5 12h14",
  columns: "M4 5h16v14H4zM9.3 5v14M14.7 5v14",
  minus: "M5 12h14",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  walk: "M13 4.2a1.3 1.3 0 1 1-.01 0M9 21l2.3-6-2-2.5L10.5 8l3 .5 1.5 3 3 1M14 21l-1-4-2.2-2.5M7 12l1-3 2.5-1",
  bicycle:
    "M6 20a3.5 3.5 0 1 1 0-7 3.5 3.5 0 0 1 0 7zM18 20a3.5 3.5 0 1 1 0-7 3.5 3.5 0 0 1 0 7zM6 16.5 9.5 9H15l3 7.5M9 10l4 6.5H6M14 6h2.5",
  car: "M4 17v-4l2-6h12l2 6v4zM4 13h16M7 17v2M17 17v2",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  up: "M5 15l7-7 7 7",
  down: "M5 9l7 7 7-7",
  info: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8v.01",
  alert: "M12 4 3 19h18zM12 10v4M12 16.5v.01",
  reset: "M5 5v5h5M5.5 10a7 7 0 1 1-.5 4.5",
  check: "M5 12.5 10 17 19 7",
  pin: "M12 21s6.5-6 6.5-11a6.5 6.5 0 1 0-13 0c0 5 6.5 11 6.5 11zM12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  barrier: "M4 8h16v5H4zM7 13v6M17 13v6M8 8l-3 5M13 8l-3 5M18 8l-3 5",
  pen: "M4 20l4.5-1L20 7.5 16.5 4 5 15.5zM14 6.5 17.5 10",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  save: "M6 4h12v16l-6-4.5L6 20z",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative line drawing: the control around it carries the name. */
export function icon(name: IconName, size = 18): TemplateResult {
  return svg`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d=${PATHS[name]}></path></svg>` as unknown as TemplateResult;
}
