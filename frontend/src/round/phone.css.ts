import { css } from "lit";

/** For a thumb, in the sun: large targets, strong contrast. */
export const phoneControls = css`
  .tap {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 48px;
    padding: 6px 12px;
    border: 2px solid var(--line-2);
    border-radius: 10px;
    background: var(--surface);
    color: var(--ink);
    font-weight: 600;
    font-size: 16px;
    line-height: 1.15;
    text-align: center;
    text-decoration: none;
    touch-action: manipulation;
  }
  .tap:active {
    background: var(--accent-weak);
  }
  .tap:disabled {
    border-color: var(--line);
    background: var(--ground);
    color: var(--ink-3);
  }
  .tap.main {
    border-color: var(--accent-strong);
    background: var(--accent-strong);
    color: #fff;
  }
  .tap.empty {
    border-color: #8f2f06;
    background: #8f2f06;
    color: #fff;
  }
  .field.tall {
    min-height: 48px;
    font-size: 17px;
  }
  label {
    font-weight: 600;
  }
  .message {
    padding: 10px 12px;
    border-radius: 10px;
    background: var(--warn-ground);
    color: var(--warn-ink);
    font-weight: 600;
  }
  .message.good {
    background: #e2f2e6;
    color: #14532a;
  }
  .message.bad {
    background: var(--bad-ink);
    color: #fff;
  }
`;
