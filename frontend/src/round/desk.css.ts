import { css } from "lit";

/** What the parts of the desk's section share. */
export const deskStyles = css`
  h2 {
    font-size: 16px;
  }
  h3 {
    font-size: 15px;
  }
  .stack {
    display: grid;
    gap: 12px;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }
  .note {
    padding: 8px 12px;
    border-radius: var(--radius);
    background: var(--accent-weak);
    color: var(--accent-strong);
  }
  .note.warn {
    background: var(--warn-ground);
    color: var(--warn-ink);
  }
  progress {
    width: 100%;
    height: 8px;
    accent-color: var(--accent);
  }
  .badge.closed {
    background: var(--ground);
    color: var(--ink-2);
  }
`;
