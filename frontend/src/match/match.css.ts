import { css } from "lit";

export const matchStyle = css`
  :host {
    display: block;
  }
  .pad {
    display: grid;
    gap: 12px;
    padding: 12px 16px 20px;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 10px;
    align-items: center;
  }
  .told {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    padding: 8px 12px;
    border-radius: var(--radius);
    background: var(--accent-weak);
  }
  h2 {
    font-size: 18px;
    line-height: 1.25;
  }
  h3 {
    margin: 6px 0 0;
    font-size: 14.5px;
    font-weight: 650;
  }
  .items > li {
    padding: 9px 0;
    border-bottom: 1px solid var(--line);
  }
  .head {
    display: grid;
    grid-template-columns: 34px 1fr;
    gap: 2px 8px;
    align-items: start;
  }
  .rank {
    display: grid;
    place-items: center;
    width: 30px;
    height: 26px;
    border-radius: 13px;
    background: var(--accent);
    color: #fff;
    font-size: 13.5px;
    font-weight: 650;
  }
  .rank.unclear {
    background: var(--warn-ink);
  }
  .rank.out {
    background: var(--ground);
    color: var(--ink-2);
    border: 1px solid var(--line-2);
  }
  .open {
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    font-size: 15px;
    font-weight: 600;
    text-align: left;
  }
  .open:hover {
    text-decoration: underline;
  }
  .reasons {
    margin: 4px 0 0;
    padding-left: 16px;
    list-style: disc;
    font-size: 13.5px;
  }
  .failed {
    color: var(--bad-ink);
  }
  .wishes {
    padding-left: 18px;
    list-style: disc;
    font-size: 14px;
  }
  summary {
    padding: 6px 0;
    font-weight: 600;
    cursor: pointer;
  }
  label.check {
    display: flex;
    gap: 6px;
    align-items: center;
    font-size: 14px;
  }
`;
