/**
 * The head of the page about an instance: its name and state, what can be done with it, what is
 * wrong with it, and where it can be opened.
 */
import React from 'react';

import type { InstanceAction, InstanceDetails } from '../api/types';
import { hasFailed } from '../logs/words';
import { canRun, mayDo } from '../model/permissions';
import type { InstanceRow } from '../model/rows';
import { ActionButton } from '../panel/buttons';
import { stateText } from '../panel/rowText';
import { stateKind, StateMark } from '../panel/stateMark';
import { useTranslation } from '../panel/translation';
import type { WorkspaceState } from '../tokens';
import { actionLabel, actionTitle, whyNot } from '../words';
import { Applications } from './applications';

/** What the buttons do. */
export interface IHeaderActions {
  readonly onAction: (action: InstanceAction) => void;
  readonly onLog: () => void;
  /** Describe a new instance that is like it; null where there is no form to do so. */
  readonly onLike: (() => Promise<void>) | null;
  /** Open a terminal of this machine; null where it is another, or has none. */
  readonly onTerminal: (() => void) | null;
}

/** The head. */
export function Header(
  props: IHeaderActions & {
    readonly row: InstanceRow;
    readonly details: InstanceDetails;
    readonly workspace: WorkspaceState;
    readonly now: number;
  }
): React.JSX.Element {
  const { row, details, workspace, now, onAction, onLog } = props;
  const { instance } = row;
  const trans = useTranslation();
  const state = stateText(row, now, trans);
  const isStopped = instance.actions.includes('start');
  const actions: readonly InstanceAction[] = [
    isStopped ? 'start' : 'stop',
    'restart',
    'delete'
  ];
  const isScriptBad =
    hasFailed(instance.script_outcome) ||
    instance.state === 'SetupFailed' ||
    instance.state === 'UserSetupFailed';
  return (
    <div className="jp-ci-details-head">
      <h2>
        <StateMark kind={stateKind(instance)} /> {row.name}
      </h2>
      <p>
        <strong>{state.text}</strong>. {state.title}
      </p>
      {instance.errors.map(error => (
        <p key={error.code} className="jp-ci-warning">
          {error.message} ({error.code})
        </p>
      ))}
      <div className="jp-ci-buttons">
        {isScriptBad && (
          <ActionButton primary onClick={onLog}>
            {trans.__('View log')}
          </ActionButton>
        )}
        {actions.map(action => (
          <ActionButton
            key={action}
            primary={action === 'start' && !isScriptBad}
            label={actionTitle(action, row.name, trans)}
            whyNot={whyNot(canRun(action, row, workspace), trans)}
            onClick={() => {
              onAction(action);
            }}
          >
            {action === 'delete'
              ? trans.__('Delete…')
              : actionLabel(action, trans)}
          </ActionButton>
        ))}
        {props.onLike !== null && (
          <ActionButton
            whyNot={whyNot(mayDo('create', workspace), trans)}
            onClick={props.onLike}
          >
            {trans.__('New one like it…')}
          </ActionButton>
        )}
      </div>
      <Applications
        instance={instance}
        details={details}
        onTerminal={props.onTerminal}
      />
    </div>
  );
}
