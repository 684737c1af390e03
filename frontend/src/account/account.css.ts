import { css } from "lit";

/** What the screens of accounts share. */
export const accountStyle = css`
  :host {
    display: grid;
    gap: 14px;
  }
  h2 {
    font-size: 20px;
  }
  h3 {
    font-size: 16px;
  }
  section,
  form {
    display: grid;
    gap: 10px;
    align-content: start;
    justify-items: start;
  }
  section + section {
    padding-top: 14px;
    border-top: 1px solid var(--line);
  }
  label {
    display: grid;
    gap: 4px;
    width: min(100%, 360px);
    font-size: 14px;
    font-weight: 500;
  }
  label.check {
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 400;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .bar > select {
    flex: 1 1 150px;
    width: auto;
  }
  .rows {
    display: grid;
    width: 100%;
  }
  .rows > li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 6px 14px;
    padding: 9px 0;
    border-bottom: 1px solid var(--line);
  }
  .rows > li > div:first-child {
    flex: 1 1 220px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .once {
    display: grid;
    gap: 8px;
    justify-items: start;
    width: 100%;
    padding: 12px 14px;
    border-left: 3px solid var(--accent);
    background: var(--accent-weak);
  }
  pre,
  .secret {
    max-width: 100%;
    margin: 0;
    padding: 8px 10px;
    overflow: auto;
    border: 1px solid var(--line-2);
    border-radius: var(--radius);
    background: var(--surface);
    font-family: ui-monospace, monospace;
    font-size: 13px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 14px;
  }
  th,
  td {
    padding: 6px 10px 6px 0;
    border-bottom: 1px solid var(--line);
    text-align: left;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
`;
