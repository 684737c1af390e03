import { css } from "lit";

export const cardStyles = css`
  :host {
    display: grid;
    grid-template-rows: 1fr auto;
    min-height: 0;
    height: 100%;
  }
  .top {
    min-height: 0;
    overflow: auto;
    padding: 8px 12px;
  }
  .card {
    display: grid;
    gap: 4px;
    padding: 10px 2px;
  }
  h2 {
    font-size: 25px;
    line-height: 1.15;
  }
  .now {
    font-size: 19px;
    font-weight: 600;
    line-height: 1.25;
  }
  .now.vacant {
    color: #8f2f06;
  }
  .said {
    display: flex;
    align-items: center;
    gap: 6px;
    color: #14602f;
    font-weight: 700;
  }
  .low {
    display: grid;
    gap: 8px;
    padding: 8px 12px max(12px, env(safe-area-inset-bottom));
    border-top: 1px solid var(--line);
    background: var(--surface);
  }
  .along {
    display: grid;
    grid-template-columns: 56px 1fr 56px;
    gap: 8px;
    align-items: center;
  }
  .along > :last-child {
    grid-column: 3;
  }
  .undo {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 48px;
    min-width: 0;
    padding: 0 6px;
    border: 0;
    background: none;
    color: var(--accent-strong);
    font-weight: 600;
    font-size: 14px;
    line-height: 1.2;
    text-align: left;
  }
  .undo span {
    overflow: hidden;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .big {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
  }
  .big .tap {
    min-height: 60px;
    font-size: 18px;
  }
  .big .tap.same {
    grid-column: 1 / -1;
    min-height: 84px;
    font-size: 23px;
  }
  .big .tap:only-child {
    grid-column: 1 / -1;
  }
  .big .tap:first-child:nth-last-child(2) {
    grid-column: 1 / -1;
  }
  summary {
    list-style: none;
    cursor: pointer;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  .others {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
    padding-top: 8px;
  }
  .wide {
    grid-column: 1 / -1;
  }
  .sure {
    display: grid;
    grid-template-columns: 1fr 2fr;
    gap: 8px;
  }
  @media (min-width: 700px) {
    .top,
    .low {
      width: 100%;
      max-width: 620px;
      margin: 0 auto;
    }
  }
`;
