import { css } from "lit";

export const downloadStyles = css`
  dialog {
    width: min(560px, calc(100vw - 16px));
    max-height: min(96vh, 760px);
  }
  .ask {
    display: block;
    margin: 0 0 12px;
  }
  .ask > span,
  legend {
    display: block;
    margin-bottom: 4px;
    padding: 0;
    font-weight: 600;
    font-size: 14px;
  }
  select {
    width: 100%;
    min-height: 36px;
    padding: 4px 8px;
    border: 1px solid var(--line-2);
    border-radius: var(--radius);
    background: var(--surface);
  }
  fieldset {
    margin: 0 0 12px;
    padding: 0;
    border: 0;
    min-width: 0;
  }
  .check {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 30px;
  }
  .formats {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 6px;
  }
  .format {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    padding: 7px 10px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    cursor: pointer;
  }
  .format:has(input:checked) {
    border-color: var(--accent);
    background: var(--accent-weak);
  }
  .format span span,
  .format strong {
    display: block;
  }
  .format input {
    margin-top: 4px;
  }
  .result {
    min-height: 48px;
    margin: 4px 0 12px;
    padding-top: 10px;
    border-top: 1px solid var(--line);
  }
  .count {
    font-weight: 600;
  }
  .left {
    display: block;
    font-weight: 400;
    color: var(--ink-2, var(--ink));
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
  }
  .foot p {
    flex: 1 1 220px;
  }
`;
