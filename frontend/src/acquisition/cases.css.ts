import { css } from "lit";

export const caseStyle = css`
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
    gap: 8px;
    align-items: center;
  }
  .bar .field {
    width: auto;
    flex: 1 1 120px;
    min-width: 0;
  }
  .push {
    margin-left: auto;
  }
  form,
  fieldset {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px 10px;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .wide {
    grid-column: 1 / -1;
  }
  label,
  .label {
    display: grid;
    gap: 2px;
    font-size: 13px;
  }
  label.check {
    display: flex;
    gap: 6px;
    align-items: center;
  }
  .box {
    padding: 10px 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  /* Whoever pressed something far down sees there what came of it. */
  .told {
    position: sticky;
    top: 0;
    z-index: 2;
    display: grid;
    gap: 8px;
    justify-items: stretch;
    padding: 12px 16px 8px;
    background: var(--surface);
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
  h2 {
    font-size: 18px;
    line-height: 1.25;
  }
  h2:focus,
  h3:focus {
    outline: none;
  }
  h3 {
    margin: 4px 0 2px;
    font-size: 14px;
  }
  .late {
    color: var(--bad-ink);
    font-weight: 600;
  }
  .open {
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    font-weight: 600;
    text-align: left;
  }
  .open:hover {
    text-decoration: underline;
  }
  .rows dt,
  .rows dd {
    display: inline;
  }
  .rows > li {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    align-items: baseline;
    justify-content: space-between;
    padding: 6px 0;
    border-bottom: 1px solid var(--line);
    overflow-wrap: anywhere;
  }
  textarea.field {
    min-height: 62px;
    resize: vertical;
  }
  @media (max-width: 480px) {
    .button {
      min-height: 40px;
    }
  }
`;
