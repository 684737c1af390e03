import { css } from "lit";

/** How the section about clusters looks. */
export const clustersStyle = css`
  :host {
    display: grid;
    gap: 14px;
    padding: 16px;
  }
  .questions {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .verdict {
    font-size: 19px;
    font-weight: 600;
    line-height: 1.25;
  }
  .day {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: center;
    gap: 10px;
  }
  ul.cards {
    display: grid;
    gap: 12px;
  }
  h2 {
    font-size: 15px;
  }
  .check {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 32px;
  }
  .check input {
    width: 18px;
    height: 18px;
  }
  .years li {
    border-bottom: 1px solid var(--line);
  }
  .years .quiet {
    width: 100%;
    padding-left: 0;
    text-align: left;
  }
  .years [aria-current] {
    font-weight: 700;
    color: var(--ink);
  }
  .more {
    display: grid;
    gap: 6px;
  }
  .export {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  summary {
    min-height: 32px;
    cursor: pointer;
    font-weight: 600;
  }
`;
