import { css } from "lit";

export const unitPanelStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 0;
    background: var(--surface);
  }
  header {
    flex: none;
    display: flex;
    gap: 8px;
    align-items: flex-start;
    padding: 12px 10px 10px 18px;
    border-bottom: 1px solid var(--line);
  }
  .title {
    flex: 1;
    min-width: 0;
  }
  .tools {
    display: flex;
  }
  .state {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 5px;
    font-size: 14px;
    font-weight: 600;
  }
  .state .muted {
    font-weight: 400;
  }
  h2 {
    font-size: 21px;
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.01em;
  }
  h2:focus {
    outline: none;
  }
  .body {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 14px 18px 24px;
  }
  .body:focus-visible {
    outline-offset: -2px;
  }
  section {
    margin-top: 20px;
    padding-top: 14px;
    border-top: 1px solid var(--line);
  }
  section h3 {
    margin-bottom: 10px;
    font-size: 16px;
    font-weight: 650;
  }
  .cluster {
    margin-top: 10px;
    padding: 8px 10px;
    border-radius: var(--radius);
    background: var(--vacant-weak);
  }
  .wait {
    display: grid;
    gap: 16px;
  }
  @media (max-height: 480px) {
    :host {
      display: block;
      overflow-y: auto;
    }
    .body {
      overflow: visible;
    }
  }
  @media print {
    :host {
      display: block;
      height: auto;
    }
    .tools {
      display: none;
    }
    .body {
      overflow: visible;
    }
    section {
      break-inside: avoid;
    }
  }
`;
