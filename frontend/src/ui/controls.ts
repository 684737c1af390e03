import { css } from "lit";

/** What every element of ours shares: type, buttons, fields, focus. */
export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    color: var(--ink);
    font-family: var(--font);
  }
  :host([hidden]) {
    display: none;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  .icon {
    flex: none;
    display: block;
  }
  .num {
    font-variant-numeric: tabular-nums;
  }
  .muted {
    color: var(--ink-3);
  }
  .small {
    font-size: 13px;
    line-height: 1.35;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
  }
  button {
    cursor: pointer;
  }
  button:disabled {
    cursor: default;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
    border-radius: 3px;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 34px;
    padding: 4px 12px;
    border: 1px solid var(--line-2);
    border-radius: var(--radius);
    background: var(--surface);
    font-weight: 500;
    text-decoration: none;
    color: var(--ink);
  }
  .button:hover {
    background: var(--hover);
  }
  .button[aria-pressed="true"],
  .button[aria-expanded="true"] {
    border-color: var(--accent);
    background: var(--accent-weak);
    color: var(--accent-strong);
  }
  .button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: #fff;
  }
  .button.primary:hover {
    background: var(--accent-strong);
  }
  .button:disabled {
    border-color: var(--line);
    background: var(--ground);
    color: var(--ink-3);
  }
  .quiet {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 32px;
    padding: 4px 8px;
    border: 0;
    border-radius: var(--radius);
    background: none;
    color: var(--accent);
    font-weight: 500;
    text-decoration: none;
  }
  .quiet:hover {
    background: var(--hover);
  }
  .quiet.square {
    width: 36px;
    height: 36px;
    justify-content: center;
    padding: 0;
    color: var(--ink-2);
  }
  .field {
    width: 100%;
    min-height: 36px;
    padding: 5px 10px;
    border: 1px solid var(--line-2);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .field:focus-visible {
    outline-offset: 0;
    border-radius: var(--radius);
  }
  select.field {
    padding-right: 4px;
  }
  a {
    color: var(--accent);
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    padding: 1px 8px;
    border-radius: 10px;
    background: var(--ground);
    color: var(--ink-2);
    font-size: 12.5px;
    font-weight: 600;
    line-height: 18px;
    white-space: nowrap;
  }
  .badge.warn {
    background: var(--warn-ground);
    color: var(--warn-ink);
  }
  .badge.accent {
    background: var(--accent-weak);
    color: var(--accent-strong);
  }
  .skeleton {
    border-radius: 4px;
    background: linear-gradient(90deg, #e9edef 25%, #f3f5f6 50%, #e9edef 75%);
    background-size: 200% 100%;
    animation: shimmer 1.4s linear infinite;
  }
  @keyframes shimmer {
    to {
      background-position: -200% 0;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
