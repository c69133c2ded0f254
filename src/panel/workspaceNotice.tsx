/**
 * What the panel says when there is no workspace to list: the cause, what was tried, the ways out.
 */
import React from 'react';

import type { SignInAttempt, WorkspaceStatus } from '../api/types';
import type { IWorkspaceModel } from '../tokens';
import { ActionButton, CommandLine } from './buttons';
import { Picture } from './notices';
import { ErrorDetails } from './problem';
import { useTranslation } from './translation';
import { WorkspacePicker } from './workspacePicker';

/**
 * What the notice is about and what it can ask for.
 */
export interface IWorkspaceNoticeProps {
  readonly status: WorkspaceStatus;
  readonly workspace: IWorkspaceModel;
  readonly onRetry: () => Promise<void>;
  /** Opens a terminal, where this JupyterLab has terminals. */
  readonly onTerminal: (() => void) | null;
}

/** The notice for a workspace that is not ready. */
export function WorkspaceNotice(
  props: IWorkspaceNoticeProps
): React.JSX.Element {
  switch (props.status.state) {
    case 'signed_out':
      return <SignedOut {...props} />;
    case 'no_workspace':
      return <NoWorkspace {...props} />;
    case 'denied':
    case 'unreachable':
    case 'ready':
      return <Unavailable {...props} />;
  }
}

function SignedOut(props: IWorkspaceNoticeProps): React.JSX.Element {
  const { status, onRetry, onTerminal } = props;
  const trans = useTranslation();
  return (
    <div className="jp-ci-notice">
      <Picture />
      <strong>{trans.__('Not signed in to Azure')}</strong>
      <p>
        {trans.__(
          'The Jupyter server found no Azure credential. Sign in where it runs, then retry:'
        )}
      </p>
      <CommandLine text="az login" />
      <div className="jp-ci-buttons">
        <ActionButton primary onClick={onRetry}>
          {trans.__('Retry')}
        </ActionButton>
        {onTerminal !== null && (
          <ActionButton onClick={onTerminal}>
            {trans.__('Open a terminal')}
          </ActionButton>
        )}
      </div>
      <Attempts attempts={status.sign_in} />
      <StatusError status={status} />
      <TryEmulator />
    </div>
  );
}

function NoWorkspace(props: IWorkspaceNoticeProps): React.JSX.Element {
  const { status, workspace, onRetry } = props;
  const trans = useTranslation();
  return (
    <div className="jp-ci-notice">
      <Picture />
      <strong>{trans.__('Choose a workspace')}</strong>
      <p>
        {status.error?.message ??
          trans.__(
            'Compute instances belong to an Azure Machine Learning workspace.'
          )}
      </p>
      <WorkspacePicker workspace={workspace} current={null} />
      <div className="jp-ci-buttons">
        <ActionButton onClick={onRetry}>{trans.__('Retry')}</ActionButton>
      </div>
      <StatusError status={status} />
      {status.mode === 'azure' && <TryEmulator />}
    </div>
  );
}

function Unavailable(props: IWorkspaceNoticeProps): React.JSX.Element {
  const { status, workspace, onRetry } = props;
  const trans = useTranslation();
  const { error } = status;
  const hint = error?.hint ?? null;
  const denied = status.state === 'denied';
  return (
    <div className="jp-ci-notice">
      <strong>
        {denied
          ? trans.__('No access to this workspace')
          : trans.__('Azure could not be reached')}
      </strong>
      <p>
        {error?.message ??
          (denied
            ? trans.__('Your role does not let you read its compute instances.')
            : trans.__('The workspace could not be read.'))}
      </p>
      {hint !== null && <p className="jp-ci-hint">{hint}</p>}
      <div className="jp-ci-buttons">
        <ActionButton primary onClick={onRetry}>
          {trans.__('Retry')}
        </ActionButton>
      </div>
      {denied && status.switchable && (
        <WorkspacePicker
          workspace={workspace}
          current={status.workspace?.id ?? null}
        />
      )}
      <StatusError status={status} />
    </div>
  );
}

function Attempts(props: {
  readonly attempts: readonly SignInAttempt[];
}): React.JSX.Element {
  const trans = useTranslation();
  if (props.attempts.length === 0) {
    return <></>;
  }
  return (
    <details className="jp-ci-details" open>
      <summary>{trans.__('What was tried')}</summary>
      <dl>
        {props.attempts.map(({ credential, reason }) => (
          <React.Fragment key={credential}>
            <dt>{credential}</dt>
            <dd>{reason ?? trans.__('gave no token')}</dd>
          </React.Fragment>
        ))}
      </dl>
    </details>
  );
}

function StatusError(props: {
  readonly status: WorkspaceStatus;
}): React.JSX.Element {
  const { error } = props.status;
  return error === null ? <></> : <ErrorDetails error={error} />;
}

function TryEmulator(): React.JSX.Element {
  const trans = useTranslation();
  return (
    <details className="jp-ci-details">
      <summary>{trans.__('Try it without Azure')}</summary>
      <p>
        {trans.__(
          'An emulator of Azure comes with this extension. Start it in a terminal; it prints its address and the id of a workspace:'
        )}
      </p>
      <CommandLine text="jupyter ci emulator" />
      <p>{trans.__('Then start JupyterLab with both:')}</p>
      <CommandLine text="JUPYTER_CI_ENDPOINT=… JUPYTER_CI_WORKSPACE=… jupyter lab" />
    </details>
  );
}
