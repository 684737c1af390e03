import { css } from "lit";

export const personStyle = css`
  :host {
    display: block;
  }
  h3 {
    margin: 8px 0 2px;
    font-size: 14px;
  }
  h3:focus,
  h4:focus {
    outline: none;
  }
  h4 {
    margin: 0;
    font-size: 14px;
  }
  .stack {
    display: grid;
    gap: 8px;
  }
  details > .stack {
    margin-top: 8px;
  }
  .part {
    padding-bottom: 14px;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
  }
  .card {
    display: grid;
    gap: 6px;
    padding: 10px 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    overflow-wrap: anywhere;
  }
  .sign {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 6px 10px;
    border-left: 4px solid var(--bad-ink);
    background: var(--bad-ground);
    color: var(--bad-ink);
    font-weight: 600;
  }
  .undo {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    padding: 8px 12px;
    border-radius: var(--radius);
    background: var(--accent-weak);
  }
  .wall {
    padding: 8px 12px;
    border: 1px dashed var(--line-2);
    border-radius: var(--radius);
  }
  form {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px 10px;
  }
  label {
    display: grid;
    gap: 2px;
    align-content: start;
    font-size: 13px;
  }
  label.check {
    display: flex;
    gap: 6px;
    align-items: center;
  }
  .wide {
    grid-column: 1 / -1;
  }
  .field {
    width: 100%;
    min-width: 0;
  }
  textarea.field {
    min-height: 62px;
    resize: vertical;
  }
  .facts dt,
  .facts dd {
    display: inline;
  }
  .erase {
    display: grid;
    gap: 8px;
    padding: 10px 12px;
    border: 2px solid var(--bad-ink);
    border-radius: var(--radius);
  }
  .erase ul {
    padding-left: 18px;
    list-style: disc;
  }
  @media (max-width: 480px) {
    .button,
    .quiet {
      min-height: 40px;
    }
  }
`;
