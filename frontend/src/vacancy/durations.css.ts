import { css } from "lit";

/** What the sections about durations and the outlook share. */
export const durationsStyle = css`
  :host {
    display: grid;
    gap: 22px;
    padding: 16px;
  }
  h2 {
    font-size: 15px;
    margin-bottom: 6px;
  }
  h3 {
    font-size: 14.5px;
    margin-bottom: 4px;
  }
  .answer {
    font-size: 20px;
    font-weight: 600;
    line-height: 1.25;
  }
  section {
    display: grid;
    gap: 8px;
  }
  .choice {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
  }
  svg.figure {
    display: block;
    width: 100%;
    height: auto;
    overflow: visible;
  }
  svg text {
    font: 12px var(--font);
    fill: var(--ink-2);
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 13px;
  }
  th,
  td {
    padding: 4px 6px;
    border-bottom: 1px solid var(--line);
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  th:first-child,
  td:first-child {
    padding-left: 0;
    text-align: left;
  }
  th {
    color: var(--ink-2);
    font-weight: 600;
  }
  summary {
    cursor: pointer;
    min-height: 28px;
    padding: 4px 0;
    color: var(--accent);
    font-size: 13px;
    font-weight: 500;
  }
  li.item {
    display: grid;
    gap: 3px;
    padding: 9px 0;
    border-top: 1px solid var(--line);
    font-size: 14.5px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    justify-content: space-between;
    align-items: baseline;
  }
  .open {
    min-height: 28px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    font-weight: 600;
    text-align: left;
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .undo {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    padding: 6px 10px;
    border-radius: var(--radius);
    background: var(--accent-weak);
    font-size: 14px;
  }
  form {
    display: grid;
    gap: 10px;
    padding: 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--ground);
  }
  form label {
    display: grid;
    gap: 3px;
    font-size: 13px;
    font-weight: 500;
  }
  form input,
  form select,
  .choice select {
    min-height: 36px;
    padding: 4px 8px;
    border: 1px solid var(--line-2);
    border-radius: var(--radius);
    background: var(--surface);
    font-size: 14.5px;
    font-weight: 400;
    max-width: 100%;
  }
`;
