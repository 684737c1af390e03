import { css } from "lit";

export const cardStyle = css`
  :host {
    display: block;
  }
  .stack {
    display: grid;
    gap: 12px;
    min-width: 0;
  }
  h4,
  legend {
    margin: 0;
    padding: 0;
    font-size: 14px;
    font-weight: 600;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(110px, 40%) 1fr;
    gap: 3px 10px;
    font-size: 14.5px;
    line-height: 1.35;
  }
  dt {
    color: var(--ink-3);
  }
  dd {
    overflow-wrap: anywhere;
  }
  dd.none {
    color: var(--ink-3);
    font-style: italic;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
  }
  .bar .field {
    width: auto;
  }
  form,
  fieldset {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px 10px;
    margin: 0;
    padding: 0;
    border: 0;
    min-width: 0;
  }
  .wide {
    grid-column: 1 / -1;
  }
  label {
    display: grid;
    gap: 2px;
    align-content: end;
    font-size: 13px;
  }
  label.check {
    display: flex;
    gap: 7px;
    align-items: center;
    min-height: 28px;
  }
  label.check input {
    flex: none;
    width: 18px;
    height: 18px;
    margin: 0;
  }
  textarea.field {
    resize: vertical;
  }
  .box {
    display: grid;
    gap: 8px;
    padding: 10px 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .done {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    padding: 8px 12px;
    border-radius: var(--radius);
    background: var(--accent-weak);
  }
  img {
    display: block;
    width: 100%;
    max-height: 260px;
    object-fit: cover;
    border-radius: var(--radius);
  }
  .rows > li {
    padding: 8px 0;
    border-top: 1px solid var(--line);
  }
  .rows > li:first-child {
    border-top: 0;
  }
  .was {
    color: var(--ink-3);
    text-decoration: line-through;
  }
  summary {
    color: var(--accent);
    cursor: pointer;
    font-size: 14px;
    font-weight: 500;
  }
  summary:focus-visible {
    outline-offset: 1px;
  }
  details[open] > summary {
    margin-bottom: 8px;
  }
  code {
    overflow-wrap: anywhere;
    font-size: 12.5px;
  }
`;
