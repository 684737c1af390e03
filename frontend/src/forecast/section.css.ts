import { css } from "lit";

/** How the forecast and the opening hours look, beside what sections share. */
export const forecastStyle = css`
  p.badge {
    justify-self: start;
    border-radius: var(--radius);
    white-space: normal;
  }
  .choice label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
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
  .card {
    display: grid;
    gap: 6px;
    padding: 12px 14px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--ground);
  }
  .wait {
    height: 240px;
  }
`;
