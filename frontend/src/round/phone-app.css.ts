import { css } from "lit";

export const phoneStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100dvh;
    background: var(--surface);
    font-size: 16px;
  }
  header {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 52px;
    padding: max(4px, env(safe-area-inset-top)) 14px 4px;
    background: var(--accent-strong);
    color: #fff;
  }
  header h1 {
    flex: 1;
    min-width: 0;
    font-size: 18px;
    line-height: 1.15;
    overflow-wrap: anywhere;
  }
  header select {
    min-height: 44px;
    padding: 0 6px;
    border: 1px solid #fff;
    border-radius: 8px;
    background: var(--accent-strong);
    color: #fff;
    font-weight: 600;
  }
  header :focus-visible {
    outline-color: #fff;
  }
  header .num {
    font-weight: 700;
    font-size: 17px;
  }
  .back {
    display: grid;
    place-items: center;
    width: 48px;
    height: 48px;
    margin-left: -10px;
    border: 0;
    background: none;
    color: #fff;
  }
  main {
    flex: 1;
    min-height: 0;
    overflow: auto;
  }
  main:focus-visible {
    outline: none;
  }
  .message {
    margin: 8px 12px 0;
  }
  .begin .message {
    margin: 0;
  }
  .begin {
    display: grid;
    gap: 12px;
    align-content: start;
    max-width: 520px;
    margin: 0 auto;
    padding: 20px 16px;
  }
  .begin h2 {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: 21px;
    color: #14602f;
  }
  select.tall {
    font-size: 17px;
  }
  kk-error {
    display: block;
    margin: 12px;
  }
`;
