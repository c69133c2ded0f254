/**
 * The log of an operation inside another page; read while it is drawn.
 */
import type { CommandRegistry } from '@lumino/commands';
import React, { useEffect, useState } from 'react';

import { LogDocument } from '../logs/logDocument';
import { LogView } from '../logs/logView';
import type { ICiManager } from '../tokens';

/** The log. */
export function OperationLog(props: {
  readonly id: string;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
}): React.JSX.Element {
  const { id, manager, commands } = props;
  const [log, setLog] = useState<LogDocument | null>(null);
  useEffect(() => {
    const document = new LogDocument(manager.client, {
      kind: 'operation',
      id
    });
    const watch = document.watch();
    setLog(document);
    return () => {
      watch.dispose();
      document.dispose();
    };
  }, [id, manager]);
  return (
    <div className="jp-ci-log-page jp-ci-operation-log">
      {log !== null && (
        <LogView log={log} manager={manager} commands={commands} />
      )}
    </div>
  );
}
