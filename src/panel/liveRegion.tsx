/**
 * Says to screen readers what changed in the list.
 */
import type { ISignal } from '@lumino/signaling';
import React, { useEffect, useState } from 'react';

import type { IInstancesModel, ITransition } from '../tokens';
import { useTranslation } from './translation';

/** More changes than this at once are counted instead of read out. */
const READ_OUT = 3;

/** An invisible region that announces transitions. */
export function LiveRegion(props: {
  readonly transitions: ISignal<IInstancesModel, readonly ITransition[]>;
}): React.JSX.Element {
  const { transitions } = props;
  const trans = useTranslation();
  const [text, setText] = useState('');
  useEffect(() => {
    const slot = (_: unknown, changes: readonly ITransition[]): void => {
      setText(
        changes.length > READ_OUT
          ? trans._n(
              '%1 instance has changed',
              '%1 instances have changed',
              changes.length
            )
          : changes
              .map(({ name, state }) =>
                state === null
                  ? trans.__('%1 is gone', name)
                  : trans.__('%1 is %2', name, state)
              )
              .join(', ')
      );
    };
    transitions.connect(slot);
    return () => {
      transitions.disconnect(slot);
    };
  }, [transitions, trans]);
  return (
    <div className="jp-ci-hidden-text" role="status" aria-live="polite">
      {text}
    </div>
  );
}
