/**
 * What is to know before anything can be made: no engine, no network, or no list.
 */
import React from 'react';

import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { IEnvironmentsModel } from '../tokens';

/** The note; where all is well, nothing is drawn. */
export function EngineNote(props: {
  readonly environments: IEnvironmentsModel;
}): React.JSX.Element {
  const { environments } = props;
  const trans = useTranslation();
  const state = useModel(environments.changed, () => environments.state);
  if (state.status === 'failed') {
    return (
      <Problem
        title={trans.__('The environments of this machine could not be read')}
        error={explain(state.failure, trans)}
      >
        <ActionButton onClick={() => environments.refresh()}>
          {trans.__('Retry')}
        </ActionButton>
      </Problem>
    );
  }
  if (state.status === 'loading') {
    return <></>;
  }
  const { engine, note, offline } = state.value.engine;
  if (engine === null) {
    return (
      <div className="jp-ci-banner" role="status">
        <strong>{trans.__('Nothing here can create environments')}</strong>
        {note !== null && <p>{note}</p>}
      </div>
    );
  }
  return offline ? (
    <p className="jp-ci-hint" role="status">
      {trans.__(
        'Conda is configured to work offline: only packages of its cache can be used.'
      )}
    </p>
  ) : (
    <></>
  );
}
