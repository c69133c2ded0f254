/**
 * The section ACTIVITY: operations, those under way first.
 */
import React from 'react';

import type { Operation } from '../api/types';
import { explain } from '../failure';
import { isActive } from '../model/operations';
import type { IOperationsModel } from '../tokens';
import { useModel, useNow } from './hooks';
import { OperationItem } from './operationItem';
import { useTranslation } from './translation';

/** How many of the finished operations are drawn: the newest. */
const FINISHED_SHOWN = 30;

/** The operations of this user. */
export function ActivityView(props: {
  readonly operations: IOperationsModel;
  readonly onDismiss: (id: string) => void;
  readonly onShowLog: (id: string) => void;
}): React.JSX.Element {
  const { operations, onDismiss, onShowLog } = props;
  const trans = useTranslation();
  const items = useModel(operations.changed, () => operations.items);
  const failure = useModel(operations.changed, () => operations.failure);
  const warning = useModel(operations.changed, () => operations.warning);
  const told = items.filter(isTold);
  const active = told.filter(isActive);
  const finished = told.filter(item => !isActive(item));
  const now = useNow(active.length > 0 ? 1 : 30);
  const shown = [...active, ...finished.slice(0, FINISHED_SHOWN)];
  const hidden = finished.length - FINISHED_SHOWN;

  return (
    <div className="jp-ci-activity">
      {failure !== null && (
        <p className="jp-ci-hint" role="status">
          {explain(failure, trans).message}
        </p>
      )}
      {warning !== null && (
        <p className="jp-ci-hint" role="status">
          {warning}
        </p>
      )}
      {shown.length === 0 ? (
        <p className="jp-ci-hint">
          {trans.__(
            'What is started, stopped, created or deleted shows its progress here.'
          )}
        </p>
      ) : (
        <ul aria-label={trans.__('Operations')}>
          {shown.map(operation => (
            <OperationItem
              key={operation.id}
              operation={operation}
              now={now}
              onDismiss={onDismiss}
              onShowLog={onShowLog}
            />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <p className="jp-ci-hint">
          {trans._n('and %1 older one', 'and %1 older ones', hidden)}
        </p>
      )}
    </div>
  );
}

/**
 * Whether an operation belongs among what people have begun: a plan changes nothing, and the page
 * that asks for it shows it.
 */
export function isTold({ kind }: Operation): boolean {
  return kind !== 'environment.plan';
}
