/**
 * Starts, follows and cancels a scan.
 */
import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { useCallback, useState } from 'react';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { Operation } from '../api/types';
import { explain } from '../failure';
import { formatDuration } from '../format';
import { ActionButton } from '../panel/buttons';
import { useModel, useNow } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { filesystemName } from './words';

/** The buttons, or the progress of the scan under way. */
export function ScanBar(props: {
  readonly manager: ICiManager;
  /** The folder that the newest scan is of; null before there is one. */
  readonly scanned: string | null;
}): React.JSX.Element {
  const { manager, scanned } = props;
  const again = scanned !== null;
  const { scan, operations } = manager;
  const trans = useTranslation();
  const running = useModel(scan.changed, () => scan.running);
  const last = useModel(
    operations.changed,
    () => operations.items.find(each => each.kind === 'disk.scan') ?? null
  );
  // Null is the OS disk.
  const [chosen, setChosen] = useState<string | null>(null);
  const root = chosen ?? scanned;
  const [failure, setFailure] = useState<RequestFailure | null>(null);

  const attempt = useCallback(async (what: () => Promise<unknown>) => {
    setFailure(null);
    try {
      await what();
    } catch (reason) {
      setFailure(RequestError.failureOf(reason));
    }
  }, []);

  if (running !== null) {
    return (
      <ScanProgress
        operation={running}
        onCancel={() => attempt(() => scan.cancel())}
      />
    );
  }
  const error =
    failure !== null
      ? explain(failure, trans)
      : last?.state === 'failed' || last?.state === 'lost'
        ? last.error
        : null;
  return (
    <div className="jp-ci-scan">
      <div className="jp-ci-buttons">
        <RootChoice manager={manager} root={root} onChoose={setChosen} />
        <ActionButton
          primary={!again}
          onClick={() => attempt(() => scan.start({ root }))}
        >
          {again ? trans.__('Scan again') : trans.__('Scan')}
        </ActionButton>
        {again && (
          <ActionButton
            onClick={() => attempt(() => scan.start({ root, anew: true }))}
          >
            {trans.__('Read every folder anew')}
          </ActionButton>
        )}
      </div>
      {error !== null && (
        <div role="alert">
          <Problem title={trans.__('The scan failed')} error={error} />
        </div>
      )}
    </div>
  );
}

/** Which file system, where there are several; or the folder that was scanned last. */
function RootChoice(props: {
  readonly manager: ICiManager;
  /** Null is the OS disk. */
  readonly root: string | null;
  readonly onChoose: (root: string) => void;
}): React.JSX.Element {
  const { manager, root, onChoose } = props;
  const trans = useTranslation();
  const state = useModel(manager.disk.changed, () => manager.disk.state);
  const options = new Map<string, string>();
  if (state.status === 'known') {
    for (const each of state.value.filesystems) {
      if (each.error === null) {
        const place = each.mount_point;
        options.set(place, `${filesystemName(each, trans)} (${place})`);
      }
    }
  }
  if (root !== null && !options.has(root)) {
    options.set(root, root);
  }
  if (options.size < 2) {
    return <></>;
  }
  return (
    <HTMLSelect
      className="jp-ci-root"
      aria-label={trans.__('What to scan')}
      // The OS disk is the first one that the server names.
      {...(root === null ? {} : { value: root })}
      onChange={event => {
        onChoose(event.target.value);
      }}
    >
      {[...options].map(([place, label]) => (
        <option key={place} value={place}>
          {label}
        </option>
      ))}
    </HTMLSelect>
  );
}

function ScanProgress(props: {
  readonly operation: Operation;
  readonly onCancel: () => Promise<void>;
}): React.JSX.Element {
  const { operation, onCancel } = props;
  const trans = useTranslation();
  const now = useNow(1);
  const since = Date.parse(operation.started_at ?? operation.created_at);
  return (
    <div className="jp-ci-scan">
      <div className="jp-ci-scan-progress">
        <progress
          className="jp-ci-progress"
          aria-label={trans.__('Scanning %1', operation.target)}
          max={1}
          {...(operation.progress === null
            ? {}
            : { value: operation.progress })}
        />
        <p className="jp-ci-clip" title={operation.message}>
          {trans.__('Scanning %1', operation.target)}
          {' · '}
          {formatDuration((now - since) / 1000, trans)}
          {' · '}
          {operation.message}
        </p>
      </div>
      {operation.cancellable && (
        <div className="jp-ci-buttons">
          <ActionButton onClick={onCancel}>{trans.__('Cancel')}</ActionButton>
        </div>
      )}
    </div>
  );
}
