import { css } from "lit";

export const branchStyle = css`
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
    gap: 6px;
    align-items: center;
  }
  .bar .field {
    width: auto;
    flex: 1 1 130px;
    min-width: 0;
  }
  .bar .button {
    min-height: 30px;
    padding: 2px 9px;
    font-size: 14px;
  }
  h2 {
    font-size: 17px;
    line-height: 1.25;
  }
  h3 {
    font-size: 14.5px;
  }
  .rows > li {
    display: grid;
    gap: 3px;
    padding: 8px 0;
    border-bottom: 1px solid var(--line);
  }
  section > * + *,
  details > * + * {
    margin-top: 6px;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 8px;
    align-items: baseline;
    justify-content: space-between;
  }
  .box {
    display: grid;
    gap: 8px;
    padding: 10px 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  label {
    display: grid;
    gap: 2px;
    font-size: 13px;
  }
  label.check {
    display: flex;
    gap: 6px;
    align-items: center;
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
  .strip {
    position: relative;
    height: 10px;
    margin: 2px 5px;
    border-radius: 5px;
    background: var(--ground);
  }
  .strip .usual {
    position: absolute;
    top: 2px;
    bottom: 2px;
    min-width: 4px;
    border-radius: 3px;
    background: var(--line-2);
  }
  .strip .own {
    position: absolute;
    top: 0;
    width: 10px;
    height: 10px;
    margin-left: -5px;
    border-radius: 5px;
    background: var(--accent);
  }
  .strip.sure .own {
    background: var(--vacant);
  }
  summary {
    cursor: pointer;
    color: var(--accent);
    font-weight: 500;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 13px;
  }
  th,
  td {
    padding: 4px 2px;
    border-bottom: 1px solid var(--line);
    text-align: right;
    vertical-align: top;
  }
  th:first-child {
    text-align: left;
    font-weight: 500;
  }
  @media (max-width: 480px) {
    .button,
    .bar .button {
      min-height: 40px;
    }
  }
`;
