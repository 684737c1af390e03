import { css } from "lit";

/** What the parts of the tab share: headings, rows of buttons, tables, charts. */
export const sectionStyle = css`
  h2,
  h3 {
    font-size: 15px;
    font-weight: 650;
    line-height: 1.3;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }
  .segments {
    display: flex;
    border: 1px solid var(--line-2);
    border-radius: var(--radius);
    background: var(--surface);
    overflow: clip;
  }
  .segments button {
    flex: 1;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 34px;
    padding: 3px 8px;
    border: 0;
    background: none;
    font-weight: 500;
    white-space: nowrap;
  }
  .segments button + button {
    border-left: 1px solid var(--line);
  }
  .segments button:hover {
    background: var(--hover);
  }
  .segments button[aria-pressed="true"] {
    background: var(--accent);
    color: #fff;
  }
  .segments button:focus-visible {
    outline-offset: -3px;
  }
  .segments button[aria-pressed="true"]:focus-visible {
    outline-color: #fff;
  }
  /* Chromium lays out what a closed fold hides, and a wide table in it would widen the page. */
  details:not([open]) > :not(summary) {
    display: none;
  }
  summary {
    min-height: 26px;
    font-size: 14.5px;
    font-weight: 600;
    cursor: pointer;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 13.5px;
  }
  caption {
    padding: 6px 0 2px;
    font-weight: 600;
    text-align: left;
  }
  th,
  td {
    padding: 4px 0 4px 10px;
    border-bottom: 1px solid var(--line);
    text-align: right;
    font-weight: 400;
  }
  th[scope="row"],
  thead th:first-child {
    padding-left: 0;
    text-align: left;
  }
  thead th {
    font-weight: 600;
  }
  .chart {
    display: block;
    width: 100%;
    overflow: visible;
  }
  .chart text {
    font: 13px var(--font);
    fill: var(--ink);
  }
  .chart text.pale {
    fill: var(--ink-3);
    font-size: 12px;
  }
  .letter {
    display: inline-grid;
    place-items: center;
    flex: none;
    width: 22px;
    height: 22px;
    border-radius: 50%;
    background: var(--place);
    color: #fff;
    font-size: 13px;
    font-weight: 700;
    line-height: 1;
  }
`;
