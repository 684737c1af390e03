import { css } from "lit";

export const finderStyle = css`
  .page {
    display: flex;
    flex-direction: column;
    height: 100dvh;
    background: var(--surface);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    padding: 10px 16px;
    border-bottom: 1px solid var(--line);
  }
  header div {
    margin-left: auto;
  }
  h1 {
    font-size: 20px;
    line-height: 1.2;
  }
  h2 {
    margin-top: 14px;
    font-size: 15px;
  }
  main {
    flex: 1;
    min-height: 0;
  }
  .both {
    display: grid;
    grid-template-columns: minmax(340px, 420px) 1fr;
    height: 100%;
  }
  .side {
    padding: 12px 16px 24px;
    overflow: auto;
    border-right: 1px solid var(--line);
  }
  .filters {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px 10px;
  }
  .filters label {
    display: grid;
    gap: 2px;
    align-content: end;
    font-size: 13px;
  }
  .count {
    margin: 12px 0 4px;
    font-weight: 600;
  }
  .units li {
    border-top: 1px solid var(--line);
  }
  .units li.chosen {
    background: var(--accent-weak);
  }
  .head {
    display: flex;
    gap: 10px;
    align-items: flex-start;
    width: 100%;
    padding: 9px 6px;
    border: 0;
    background: none;
    text-align: left;
    line-height: 1.35;
  }
  .head:hover {
    background: var(--hover);
  }
  .place {
    flex: none;
    display: grid;
    place-items: center;
    width: 26px;
    height: 26px;
    border-radius: 50%;
    background: var(--accent);
    color: #fff;
    font-size: 13px;
    font-weight: 600;
  }
  .chosen .place {
    background: #b8400e;
  }
  .more {
    display: grid;
    gap: 8px;
    padding: 2px 6px 12px 42px;
    font-size: 14.5px;
  }
  .more img {
    width: 100%;
    max-height: 220px;
    object-fit: cover;
    border-radius: var(--radius);
  }
  dl {
    display: grid;
    grid-template-columns: minmax(110px, 42%) 1fr;
    gap: 3px 10px;
  }
  dt {
    color: var(--ink-2);
  }
  dd {
    overflow-wrap: anywhere;
  }
  .chosen .muted {
    color: var(--ink-2);
  }
  .foot {
    margin-top: 18px;
  }
  @media (max-width: 760px) {
    .page {
      height: auto;
      min-height: 100dvh;
    }
    .both {
      display: flex;
      flex-direction: column-reverse;
      height: auto;
    }
    .side {
      border: 0;
    }
    /* The name and the languages on one line; what is fictional below it. */
    header .badge {
      order: 1;
    }
    h1 {
      font-size: 18px;
    }
    kk-finder-map {
      height: 44vh;
    }
  }
`;
