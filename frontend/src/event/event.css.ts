import { css } from "lit";

/** How all about events looks. */
export const eventStyle = css`
  :host {
    display: grid;
    gap: 16px;
    padding: 16px;
  }
  h2 {
    font-size: 15px;
  }
  h1 {
    font-size: 20px;
    line-height: 1.2;
  }
  section {
    display: grid;
    gap: 6px;
    min-width: 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .bar .push {
    margin-left: auto;
  }
  .years {
    display: grid;
    gap: 16px;
  }
  .year ul {
    display: grid;
    border-top: 1px solid var(--line);
  }
  .year li {
    border-bottom: 1px solid var(--line);
  }
  .row {
    display: grid;
    grid-template-columns: 62px minmax(0, 1fr) auto;
    align-items: center;
    gap: 2px 10px;
    width: 100%;
    min-height: 52px;
    padding: 6px 4px;
    border: 0;
    background: none;
    text-align: left;
  }
  .row:hover {
    background: var(--hover);
  }
  .row .when {
    color: var(--ink-2);
    font-weight: 600;
    line-height: 1.15;
  }
  .row .what {
    min-width: 0;
  }
  .row strong {
    display: block;
    font-weight: 600;
  }
  .answer {
    font-size: 24px;
    font-weight: 650;
    line-height: 1.2;
  }
  .answer.soft {
    font-size: 18px;
    font-weight: 600;
  }
  .second {
    padding-left: 10px;
    border-left: 3px solid var(--line-2);
  }
  .touched {
    display: grid;
    gap: 4px;
  }
  .warn {
    padding: 6px 10px;
    border-radius: var(--radius);
    background: var(--warn-ground);
    color: var(--warn-ink);
  }
  .more {
    color: #1b6b3a;
  }
  .less {
    color: #a3310a;
  }
  .effect {
    font-size: 16px;
    font-weight: 700;
    text-align: right;
    white-space: nowrap;
  }
  .effect small {
    display: block;
    font-size: 12px;
    font-weight: 400;
    color: var(--ink-3);
  }
  .cautions {
    display: grid;
    gap: 4px;
    padding: 10px 12px 10px 28px;
    border-radius: var(--radius);
    background: var(--warn-ground);
    color: var(--warn-ink);
    list-style: disc;
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
  .grid {
    stroke: #e6ebed;
  }
  .axis {
    stroke: #84919a;
  }
  .marked {
    fill: #fbeee6;
  }
  .band {
    fill: #cfe2e7;
  }
  .expected {
    stroke: #0b5563;
    stroke-width: 2;
  }
  .seen {
    fill: #33434c;
  }
  .seen.event,
  .here {
    fill: #b8400e;
    stroke: #b8400e;
  }
  .here {
    stroke-width: 3;
  }
  .bar rect,
  rect.bar {
    fill: #a9bcc5;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
  }
  .legend span {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .legend i {
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: #b8400e;
  }
  .legend i.band {
    width: 16px;
    border-radius: 0;
    border-top: 2px solid #0b5563;
    background: #cfe2e7;
  }
  .legend i.mark {
    border-radius: 0;
    background: #fbeee6;
    border: 1px solid #e5c9b8;
  }
  .wide {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 13.5px;
  }
  th,
  td {
    padding: 5px 8px 5px 0;
    border-bottom: 1px solid var(--line);
    text-align: right;
    vertical-align: top;
  }
  th:first-child {
    text-align: left;
    font-weight: 500;
  }
  thead th {
    font-weight: 600;
    color: var(--ink-2);
  }
  tr.event th,
  tr.event td {
    background: #fbeee6;
  }
  summary {
    min-height: 32px;
    cursor: pointer;
    font-weight: 600;
  }
  form {
    display: grid;
    gap: 12px;
  }
  form label {
    display: grid;
    gap: 3px;
    font-weight: 500;
  }
  .two {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(190px, 1fr));
    gap: 12px;
  }
  fieldset {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 10px 12px 12px;
    border: 1px solid var(--line-2);
    border-radius: var(--radius);
  }
  fieldset label.radio {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 28px;
    font-weight: 400;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .undo {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 8px 12px;
    border-radius: var(--radius);
    background: var(--accent-weak);
  }
`;
