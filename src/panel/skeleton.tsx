/**
 * What stands where rows are going to be.
 */
import React from 'react';

import { useTranslation } from './translation';

const ROWS = [0, 1, 2];

/** Grey rows; the style sheet shows them only when loading takes longer than 200 ms. */
export function Skeleton(): React.JSX.Element {
  const trans = useTranslation();
  return (
    <div className="jp-ci-skeleton" role="status">
      <span className="jp-ci-hidden-text">
        {trans.__('Loading compute instances…')}
      </span>
      {ROWS.map(row => (
        <div key={row} className="jp-ci-skeleton-row" aria-hidden>
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}
