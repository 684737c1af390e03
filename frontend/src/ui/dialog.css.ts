import { css } from "lit";

/** What opens over the page looks alike; each says how wide it is, and how high. */
export const dialogStyle = css`
  dialog {
    padding: 18px 20px 20px;
    border: 1px solid var(--line-2);
    border-radius: 8px;
    color: var(--ink);
    box-shadow: var(--shadow);
  }
  dialog::backdrop {
    background: rgb(23 36 43 / 40%);
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    margin-bottom: 8px;
  }
  h2 {
    font-size: 20px;
  }
`;
