/**
 * The first line of the panel: which workspace, in which region, and whether it is an emulator's.
 */
import { caretDownIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IWorkspaceModel } from '../tokens';
import { Glyph } from './glyph';
import { useModel } from './hooks';
import { useTranslation } from './translation';

/** The workspace, as a button where another one can be chosen. */
export function HeaderView(props: {
  readonly workspace: IWorkspaceModel;
  readonly onSwitch: () => void;
}): React.JSX.Element {
  const { workspace, onSwitch } = props;
  const trans = useTranslation();
  const state = useModel(workspace.changed, () => workspace.state);
  if (state.status !== 'known') {
    return <div className="jp-ci-header" />;
  }
  const { mode, endpoint, workspace: current, switchable } = state.value;
  const location = current?.location ?? null;
  const region = location === null ? '' : ` · ${location}`;
  const label = current === null ? '' : `${current.name}${region}`;
  return (
    <div className="jp-ci-header">
      {current !== null &&
        (switchable ? (
          <button
            type="button"
            className="jp-ci-workspace"
            aria-haspopup="dialog"
            title={trans.__(
              '%1. Click to switch to another workspace.',
              current.id
            )}
            onClick={onSwitch}
          >
            <span className="jp-ci-clip">{label}</span>
            <Glyph icon={caretDownIcon} />
          </button>
        ) : (
          <span
            className="jp-ci-workspace"
            title={trans.__('%1. It is fixed by configuration.', current.id)}
          >
            <span className="jp-ci-clip">{label}</span>
          </span>
        ))}
      {mode === 'emulator' && (
        <span
          className="jp-ci-badge"
          title={trans.__('Not Azure: an emulator at %1', endpoint)}
        >
          {trans.__('Emulator')}
        </span>
      )}
    </div>
  );
}
