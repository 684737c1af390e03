import { css } from "lit";

/** How the city page of footfall looks. */
export const overviewStyle = css`
  :host {
    display: grid;
    gap: 20px;
    padding: 16px;
  }
  section {
    display: grid;
    gap: 6px;
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
  .choice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }
  select.field {
    width: auto;
    max-width: 100%;
  }
  .heat,
  .chart {
    display: block;
    width: 100%;
    height: auto;
  }
  svg text {
    font: 11.5px var(--font);
    fill: var(--ink-3);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 14px;
  }
  .legend i {
    display: inline-block;
    width: 22px;
    margin-right: 6px;
    border-top: 3px solid;
    vertical-align: middle;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
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
    padding: 2px 4px;
    text-align: right;
  }
  tr > :first-child {
    text-align: left;
    font-weight: 400;
  }
  .wait {
    height: 150px;
  }
`;
