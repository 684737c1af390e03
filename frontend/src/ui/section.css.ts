import { css } from "lit";

/** What the sections of a tab share: an answer, choices, charts and tables under each other. */
export const sectionStyle = css`
  :host {
    display: grid;
    gap: 20px;
    padding: 16px;
  }
  h2 {
    font-size: 15px;
  }
  .answer {
    font-size: 20px;
    font-weight: 600;
    line-height: 1.25;
  }
  select.field {
    width: auto;
    max-width: 100%;
  }
  svg text {
    font: 11.5px var(--font);
    fill: var(--ink-3);
  }
  fieldset label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 28px;
  }
  legend {
    padding: 0;
  }
  summary {
    color: var(--accent);
    cursor: pointer;
    font-size: 14px;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 13px;
  }
  caption {
    text-align: left;
    font-weight: 600;
  }
  tr > :first-child {
    text-align: left;
    font-weight: 400;
  }
  section {
    display: grid;
    gap: 8px;
    min-width: 0;
  }
  .choice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .chart {
    display: block;
    width: 100%;
    height: auto;
  }
  th,
  td {
    padding: 3px 4px;
    text-align: right;
  }
`;
