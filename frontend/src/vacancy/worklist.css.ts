import { css } from "lit";

export const worklistStyle = css`
  :host {
    display: block;
    padding: 12px 16px 20px;
  }
  .kinds {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin: 8px 0;
  }
  .kinds .button {
    min-height: 30px;
    padding: 2px 10px;
    font-size: 13.5px;
    text-align: left;
  }
  .tools {
    display: grid;
    grid-template-columns: 1fr 96px auto;
    gap: 8px;
    align-items: end;
  }
  .tools label {
    display: grid;
    gap: 2px;
  }
  .bulk {
    width: 100%;
    margin-top: 10px;
  }
  h3 {
    margin: 16px 0 0;
    font-size: 15px;
  }
  .undo {
    position: sticky;
    top: 4px;
    z-index: 2;
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    margin: 8px 0;
    padding: 6px 12px;
    border-radius: var(--radius);
    background: var(--ink);
    color: #fff;
  }
  .undo .quiet {
    color: #fff;
    text-decoration: underline;
  }
  .undo .quiet:hover {
    background: #33434b;
  }
  .undo .quiet:focus-visible {
    outline-color: #fff;
  }
  kk-error {
    display: block;
    margin: 8px 0;
  }
`;
