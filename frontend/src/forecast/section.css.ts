import { css } from "lit";

/** How the forecast and the opening hours look. */
export const sectionStyle = css`
  :host {
    display: grid;
    gap: 20px;
    padding: 16px;
  }
  section {
    display: grid;
    gap: 8px;
    min-width: 0;
  }
  h2 {
    font-size: 15px;
  }
  .answer {
    font-size: 20px;
    font-weight: 600;
    line-height: 1.25;
  }
  p.badge {
    justify-self: start;
    border-radius: var(--radius);
    white-space: normal;
  }
  .choice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
  }
  .choice label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  select.field {
    width: auto;
    max-width: 100%;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    margin: 0;
    padding: 0;
    border: 0;
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
  .days {
    display: grid;
  }
  .day {
    display: grid;
    grid-template-columns: 84px minmax(0, 1fr) 118px;
    gap: 2px 10px;
    align-items: center;
    width: 100%;
    padding: 5px 4px;
    border: 0;
    border-top: 1px solid var(--line);
    background: none;
    text-align: left;
  }
  .day:hover {
    background: var(--hover);
  }
  .day[aria-pressed="true"] {
    background: var(--accent-weak);
  }
  .day .range {
    text-align: right;
    font-size: 13px;
  }
  .day .marks {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .track {
    position: relative;
    height: 16px;
  }
  .track i {
    position: absolute;
    top: 3px;
    height: 10px;
    border-radius: 5px;
    background: #9cc4cd;
  }
  .track i.less {
    background: repeating-linear-gradient(135deg, #9cc4cd 0 4px, #d9e8ec 4px 8px);
  }
  .track b {
    position: absolute;
    top: 0;
    width: 3px;
    height: 16px;
    margin-left: -1.5px;
    border-radius: 2px;
    background: #0b5563;
  }
  .chart {
    display: block;
    width: 100%;
    height: auto;
  }
  svg text {
    font: 11.5px var(--font);
    fill: var(--ink-3);
  }
  .card {
    display: grid;
    gap: 6px;
    padding: 12px 14px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--ground);
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
  th,
  td {
    padding: 3px 4px;
    text-align: right;
  }
  tr > :first-child {
    text-align: left;
    font-weight: 400;
  }
  .wait {
    height: 240px;
  }
`;
