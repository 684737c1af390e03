import { css } from "lit";

/** What the forms that change a shop unit share. */
export const editFormStyle = css`
  :host {
    display: grid;
    gap: 12px;
  }
  fieldset {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(130px, 1fr));
    gap: 8px 10px;
    margin: 0;
    padding: 10px 12px 12px;
    border: 1px solid var(--line-2);
    border-radius: var(--radius);
  }
  legend {
    padding: 0 4px;
    font-weight: 600;
  }
  label.field-label {
    display: grid;
    gap: 3px;
    font-size: 14px;
  }
  .sum {
    padding: 8px 12px;
    border-radius: var(--radius);
    background: var(--ground);
  }
  .sum.off {
    background: var(--warn-ground);
    color: var(--warn-ink);
  }
  .check {
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 32px;
  }
  .check input {
    width: 18px;
    height: 18px;
    flex: none;
  }
`;
