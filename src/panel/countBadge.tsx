/**
 * How many there are, at the end of a section's title.
 */
import type { ISignal } from '@lumino/signaling';
import React from 'react';

import { useModel } from './hooks';

/** A count that follows a model. */
export function CountBadge(props: {
  readonly changed: ISignal<unknown, unknown>;
  readonly read: () => string;
}): React.JSX.Element {
  return (
    <span className="jp-ci-count">{useModel(props.changed, props.read)}</span>
  );
}
