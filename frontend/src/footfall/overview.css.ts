import { css } from "lit";

/** How the city page of footfall looks, beside what sections share. */
export const overviewStyle = css`
  .heat {
    display: block;
    width: 100%;
    height: auto;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 14px;
  }
  .legend i {
    display: inline-block;
    width: 22px;
    margin-right: 6px;
    border-top: 3px solid;
    vertical-align: middle;
  }
  .wait {
    height: 150px;
  }
`;
