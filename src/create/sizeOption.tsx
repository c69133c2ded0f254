/**
 * One VM size in the list to choose from: what it is, what it costs, and how much quota is left.
 */
import React, { memo } from 'react';

import type { VmSize } from '../api/types';
import { useTranslation } from '../panel/translation';
import { priceOrigin, pricePerHour, sizeSummary } from '../words';

/** A size; one that cannot be had says why. */
export const SizeOption = memo(
  (props: {
    readonly id: string;
    readonly size: VmSize;
    readonly selected: boolean;
    readonly onSelect: () => void;
  }): React.JSX.Element => {
    const { id, size, selected, onSelect } = props;
    const trans = useTranslation();
    const { quota } = size;
    return (
      <div
        id={id}
        role="option"
        className="jp-ci-size"
        aria-selected={selected}
        aria-disabled={!size.creatable}
        onClick={onSelect}
      >
        <span className="jp-ci-size-name jp-ci-clip" title={size.name}>
          {size.name}
        </span>
        <span
          className="jp-ci-size-price"
          title={priceOrigin(size.price, trans)}
        >
          {pricePerHour(size.price, trans)}
        </span>
        <span className="jp-ci-second">{sizeSummary(size, trans)}</span>
        <span className="jp-ci-second jp-mod-numeric" title={quota?.name}>
          {quota === null
            ? trans.__('quota unknown')
            : trans.__('%1 of %2 cores left', quota.remaining, quota.limit)}
        </span>
        {!size.creatable && (
          <span className="jp-ci-size-reason">
            {size.reason ?? trans.__('Its quota does not allow it.')}
          </span>
        )}
      </div>
    );
  }
);
