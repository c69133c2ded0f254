/**
 * What was and is being done with an instance: by Azure, and from here.
 */
import React from 'react';

import type { Instance, LastOperation } from '../api/types';
import { formatAgo, formatMoment } from '../format';
import { useModel } from '../panel/hooks';
import { OperationItem } from '../panel/operationItem';
import { useTranslation } from '../panel/translation';
import type { IOperationsModel } from '../tokens';
import { Card } from './card';

/** The card. */
export function HistoryCard(props: {
  readonly instance: Instance;
  readonly operations: IOperationsModel;
  readonly now: number;
  readonly onDismiss: (id: string) => void;
  readonly onShowLog: (id: string) => void;
}): React.JSX.Element {
  const { instance, operations, now, onDismiss, onShowLog } = props;
  const trans = useTranslation();
  const all = useModel(operations.changed, () => operations.items);
  const items = all.filter(
    ({ kind, target }) =>
      kind.startsWith('instance.') && target === instance.name
  );
  return (
    <Card title={trans.__('Operations')}>
      {instance.last_operation !== null && (
        <Last operation={instance.last_operation} now={now} />
      )}
      {items.length === 0 ? (
        <p className="jp-ci-hint">
          {trans.__('Nothing was done with it from here.')}
        </p>
      ) : (
        <div className="jp-ci-activity">
          <ul>
            {items.map(operation => (
              <OperationItem
                key={operation.id}
                operation={operation}
                now={now}
                onDismiss={onDismiss}
                onShowLog={onShowLog}
              />
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}

function Last(props: {
  readonly operation: LastOperation;
  readonly now: number;
}): React.JSX.Element {
  const { operation, now } = props;
  const trans = useTranslation();
  const { name, status, time, trigger } = operation;
  return (
    <p>
      {trigger === null
        ? trans.__('Last by Azure: %1, %2', name, status)
        : trans.__(
            'Last by Azure: %1, %2, triggered by %3',
            name,
            status,
            trigger
          )}
      {time !== null && (
        <>
          {' · '}
          <time dateTime={time} title={formatMoment(new Date(time))}>
            {formatAgo(new Date(time), now, trans)}
          </time>
        </>
      )}
    </p>
  );
}
