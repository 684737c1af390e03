import { css } from "lit";

/** A short list of what is to be done, on the first screen and on top of a tab. */
export const dueStyle = css`
  :host {
    display: block;
  }
  .due {
    margin-bottom: 16px;
    padding: 10px 14px;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--surface);
  }
  h2 {
    margin: 0 0 4px;
    font-size: 15px;
  }
  li {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    align-items: baseline;
    padding: 3px 0;
  }
  .late {
    color: var(--bad-ink);
    font-weight: 600;
  }
`;
