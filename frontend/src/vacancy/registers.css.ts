import { css } from "lit";

/** How the section about registers looks. */
export const registersStyle = css`
  :host {
    display: grid;
    gap: 16px;
    padding: 16px;
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 8px;
  }
  .card {
    display: grid;
    grid-template-rows: subgrid;
    grid-row: span 4;
    gap: 4px;
    align-content: start;
    padding: 10px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .card strong {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: 28px;
    font-weight: 600;
    line-height: 1.1;
  }
  .card h2 {
    margin: 0;
    font-size: 13.5px;
    line-height: 1.25;
    overflow-wrap: anywhere;
  }
  .vacant {
    flex: none;
    width: 12px;
    height: 12px;
    margin: 4px;
    background: var(--vacant);
    transform: rotate(45deg);
  }
  .toggles {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  h2 {
    font-size: 15px;
    margin-bottom: 3px;
  }
  ul {
    margin-top: 5px;
  }
  .unit {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 8px;
    width: 100%;
    min-height: 36px;
    padding: 6px 4px;
    border: 0;
    border-top: 1px solid var(--line);
    background: none;
    text-align: start;
    font-size: 14.5px;
  }
  .unit:hover {
    background: var(--hover);
  }
  kk-register-settle {
    display: grid;
    gap: 4px;
    margin-top: 10px;
  }
  @media (max-width: 420px) {
    .card {
      padding: 8px;
    }
  }
`;
