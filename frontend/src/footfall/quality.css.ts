import { css } from "lit";

/** How the section about the quality of counts looks, and each finding in it. */
export const qualityStyle = css`
  :host {
    display: grid;
    gap: 18px;
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
  h3 {
    margin-top: 8px;
    font-size: 15px;
  }
  .answer {
    font-size: 20px;
    font-weight: 600;
    line-height: 1.25;
  }
  .shares {
    display: grid;
    grid-template-columns: minmax(90px, 38%) 1fr 52px;
    gap: 6px 10px;
    align-items: center;
    font-size: 13.5px;
  }
  .shares > :nth-child(3n) {
    text-align: right;
  }
  .bar {
    display: block;
    width: 100%;
    height: 14px;
    border-radius: 3px;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 14px;
  }
  .legend i {
    display: inline-block;
    width: 12px;
    height: 12px;
    margin-right: 6px;
    border-radius: 2px;
    vertical-align: -1px;
  }
  .legend i.line {
    height: 0;
    width: 20px;
    border-top: 3px solid #0b5563;
    border-radius: 0;
    vertical-align: middle;
  }
  .legend i.dashed {
    border-top: 2px dashed #6b7a84;
  }
  .choice {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .tools label {
    display: grid;
    gap: 2px;
    max-width: 220px;
  }
  summary {
    color: var(--accent);
    cursor: pointer;
    font-size: 14px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 13px;
  }
  th,
  td {
    padding: 2px 4px;
    text-align: right;
  }
  tr > :first-child {
    text-align: left;
    font-weight: 400;
  }
  .scroll {
    overflow-x: auto;
  }
  .undo {
    position: sticky;
    top: 4px;
    z-index: 2;
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    padding: 6px 12px;
    border-radius: var(--radius);
    background: var(--ink);
    color: #fff;
  }
  .undo .quiet {
    color: #fff;
    text-decoration: underline;
  }
  .undo .quiet:hover {
    background: #33434b;
  }
  .undo .quiet:focus-visible {
    outline-color: #fff;
  }
`;

export const findingStyle = css`
  :host {
    display: grid;
    gap: 6px;
    padding: 10px 0 14px;
    border-bottom: 1px solid var(--line);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 8px;
    align-items: baseline;
  }
  h4 {
    margin: 0;
    font-size: 14px;
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
  .wait {
    height: 118px;
  }
  .verdicts {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .verdicts .button {
    flex: 1 1 150px;
    min-height: 40px;
  }
  label {
    display: grid;
    gap: 2px;
  }
  .out {
    color: #8a3a00;
  }
`;
