/**
 * How full the disks of an instance are, where this Jupyter server runs on it; else how to find out.
 */
import React from 'react';

import { explain } from '../failure';
import { FilesystemBar } from '../disk/filesystemBar';
import { ActionButton, CommandLine } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { IDiskModel } from '../tokens';
import { Card } from './card';

/** The card. */
export function DiskCard(props: {
  readonly disk: IDiskModel;
  /** Whether this Jupyter server runs on the instance. */
  readonly isOwn: boolean;
  readonly onUsage: () => void;
}): React.JSX.Element {
  const { disk, isOwn, onUsage } = props;
  const trans = useTranslation();
  return (
    <Card title={trans.__('Disk')}>
      {isOwn ? (
        <>
          <Figures disk={disk} />
          <div className="jp-ci-buttons">
            <ActionButton onClick={onUsage}>
              {trans.__('What uses it?')}
            </ActionButton>
          </div>
        </>
      ) : (
        <>
          <p>
            {trans.__(
              'Azure does not say how full it is. A terminal on the instance does:'
            )}
          </p>
          <CommandLine text="df -h / /mnt" />
          <p className="jp-ci-hint">
            {trans.__(
              'A full disk keeps it from being stopped, and so it goes on costing.'
            )}
          </p>
        </>
      )}
    </Card>
  );
}

function Figures({ disk }: { readonly disk: IDiskModel }): React.JSX.Element {
  const trans = useTranslation();
  const state = useModel(disk.changed, () => disk.state);
  switch (state.status) {
    case 'loading':
      return (
        <p className="jp-ci-late">{trans.__('Asking how full the disk is…')}</p>
      );
    case 'failed':
      return <p>{explain(state.failure, trans).message}</p>;
    case 'known':
      return (
        <ul className="jp-ci-filesystems">
          {state.value.filesystems.map(each => (
            <FilesystemBar key={each.mount_point} filesystem={each} />
          ))}
        </ul>
      );
  }
}
