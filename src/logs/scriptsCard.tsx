/**
 * The card of the page about an instance that shows its setup scripts, and how the last one ended.
 */
import React from 'react';

import type { CiManagerClient } from '../api/client';
import type { Instance, SetupScripts } from '../api/types';
import { Card } from '../details/card';
import { formatAgo, formatMoment } from '../format';
import { ActionButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import { ScriptContents } from './scriptContents';
import { outcomeLabel, phaseLabel } from './words';

interface IScriptsProps {
  readonly instance: Instance;
  readonly scripts: SetupScripts | null;
  readonly client: CiManagerClient;
  readonly now: number;
  readonly onLog: () => void;
}

/** The card. */
export function ScriptsCard(props: IScriptsProps): React.JSX.Element {
  const { instance, scripts, client, onLog } = props;
  const trans = useTranslation();
  const creation = scripts?.creation ?? null;
  const startup = scripts?.startup ?? null;
  const outcome = instance.script_outcome;
  return (
    <Card title={trans.__('Setup scripts')}>
      {creation === null && startup === null && (
        <p>{trans.__('It has none.')}</p>
      )}
      <Outcome {...props} />
      {creation !== null && (
        <>
          <h4>{phaseLabel('creation', trans)}</h4>
          <ScriptContents client={client} script={creation} />
        </>
      )}
      {startup !== null && (
        <>
          <h4>{phaseLabel('startup', trans)}</h4>
          <ScriptContents client={client} script={startup} />
        </>
      )}
      {(creation !== null || startup !== null || outcome !== null) && (
        <ActionButton onClick={onLog}>{trans.__('View log')}</ActionButton>
      )}
    </Card>
  );
}

function Outcome({ instance, now }: IScriptsProps): React.JSX.Element {
  const trans = useTranslation();
  const outcome = instance.script_outcome;
  const label = outcome === null ? null : outcomeLabel(outcome, trans);
  if (outcome === null || label === null) {
    return <></>;
  }
  const ended = outcome.ended_at === null ? null : new Date(outcome.ended_at);
  return (
    <p>
      <strong className={`jp-ci-log-outcome jp-mod-${outcome.outcome}`}>
        {label}
      </strong>
      {ended !== null && (
        <>
          {' '}
          <time dateTime={ended.toISOString()} title={formatMoment(ended)}>
            {formatAgo(ended, now, trans)}
          </time>
        </>
      )}
    </p>
  );
}
