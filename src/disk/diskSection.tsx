/**
 * The section THIS MACHINE'S DISK: how full, how soon full, and the two things to do about it.
 */
import type { CommandRegistry } from '@lumino/commands';
import React, { useCallback } from 'react';

import type { DiskStatus } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { explain } from '../failure';
import { formatClock } from '../format';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { DiskState, IDiskModel } from '../tokens';
import { FilesystemBar } from './filesystemBar';
import { LevelAnnouncer } from './levelAnnouncer';

interface IDiskSectionProps {
  readonly disk: IDiskModel;
  readonly commands: CommandRegistry;
}

/** The section. */
export function DiskSection(props: IDiskSectionProps): React.JSX.Element {
  const { disk } = props;
  const state = useModel(disk.changed, () => disk.state);
  return (
    <div className="jp-ci-disk">
      <Face {...props} state={state} />
      <LevelAnnouncer disk={disk} />
    </div>
  );
}

function Face(
  props: IDiskSectionProps & { readonly state: DiskState }
): React.JSX.Element {
  const { disk, commands, state } = props;
  const trans = useTranslation();
  const retry = useCallback(() => disk.refresh(), [disk]);
  switch (state.status) {
    case 'loading':
      return <Placeholder />;
    case 'failed': {
      const { message, hint } = explain(state.failure, trans);
      return (
        <>
          <p role="status">
            {trans.__('How full it is could not be asked. %1', message)}
          </p>
          {hint !== null && <p className="jp-ci-hint">{hint}</p>}
          <div className="jp-ci-buttons">
            <ActionButton onClick={retry}>{trans.__('Retry')}</ActionButton>
          </div>
        </>
      );
    }
    case 'known':
      return (
        <>
          {state.stale !== null && (
            <p className="jp-ci-hint" role="status">
              {trans.__(
                'As of %1: %2',
                formatClock(new Date(state.value.measured_at)),
                explain(state.stale, trans).message
              )}
            </p>
          )}
          <Figures status={state.value} />
          <div className="jp-ci-buttons">
            <ActionButton
              onClick={async () => {
                await commands.execute(CommandIDs.openDiskUsage);
              }}
            >
              {trans.__('What uses it?')}
            </ActionButton>
            <ActionButton
              primary={state.value.level === 'critical'}
              onClick={() => {
                void commands.execute(CommandIDs.cleanUp);
              }}
            >
              {trans.__('Clean up…')}
            </ActionButton>
          </div>
        </>
      );
  }
}

function Figures(props: { readonly status: DiskStatus }): React.JSX.Element {
  const { status } = props;
  const trans = useTranslation();
  const { filesystems, at_risk: atRisk, machine, instance } = status;
  return (
    <>
      {atRisk.length > 0 && (
        <div className="jp-ci-at-risk" role="status">
          <strong>{trans.__('At risk')}</strong>
          <ul>
            {atRisk.map(risk => (
              <li key={risk}>{risk}</li>
            ))}
          </ul>
        </div>
      )}
      {filesystems.length === 0 ? (
        <p className="jp-ci-hint">
          {trans.__('This machine does not say how full its disks are.')}
        </p>
      ) : (
        <ul
          className="jp-ci-filesystems"
          aria-label={trans.__('File systems of this machine')}
        >
          {filesystems.map(filesystem => (
            <FilesystemBar
              key={filesystem.mount_point}
              filesystem={filesystem}
            />
          ))}
        </ul>
      )}
      {instance === null && machine !== 'compute_instance' && (
        <p className="jp-ci-hint">
          {trans.__(
            'Of the machine that Jupyter runs on, not of the instances above.'
          )}
        </p>
      )}
    </>
  );
}

/** As high as the figures that are most likely to come: nothing jumps. */
function Placeholder(): React.JSX.Element {
  const trans = useTranslation();
  return (
    <div className="jp-ci-disk-placeholder jp-ci-late" role="status">
      <span className="jp-ci-hidden-text">
        {trans.__('Asking how full the disk is…')}
      </span>
    </div>
  );
}
