/**
 * What the colours and the pattern of the treemap mean, as far as they are to be seen in it.
 */
import React from 'react';

import { useTranslation } from '../panel/translation';
import { FAMILIES, familyLabel } from './words';
import type { ConsumerFamily } from './words';

/** The legend. */
export function Legend(props: {
  readonly families: ReadonlySet<ConsumerFamily>;
  readonly removable: boolean;
}): React.JSX.Element {
  const { families, removable } = props;
  const trans = useTranslation();
  return (
    <ul
      className="jp-ci-legend"
      aria-label={trans.__('Colours of the treemap')}
    >
      {FAMILIES.filter(each => families.has(each)).map(family => (
        <li key={family}>
          <Swatch family={family} /> {familyLabel(family, trans)}
        </li>
      ))}
      {removable && (
        <li>
          <span className="jp-ci-swatch jp-mod-removable" aria-hidden />{' '}
          {trans.__('safe to remove')}
        </li>
      )}
    </ul>
  );
}

/** The colour of a family, beside its name. */
export function Swatch(props: {
  readonly family: ConsumerFamily;
  readonly removable?: boolean;
}): React.JSX.Element {
  const { family, removable } = props;
  const pattern = removable === true ? ' jp-mod-removable' : '';
  return (
    <span
      className={`jp-ci-swatch jp-ci-family-${family}${pattern}`}
      aria-hidden
    />
  );
}
