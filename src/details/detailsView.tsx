/**
 * What is known of one instance, to read: compute, cost, owner, links, operations, and the raw
 * resource. Nothing is changed here.
 */
import React from 'react';

import type { Instance, InstanceDetails, VmSize } from '../api/types';
import { explain } from '../failure';
import { ScriptsCard } from '../logs/scriptsCard';
import { instanceRow } from '../model/listing';
import { ActionButton } from '../panel/buttons';
import { useModel, useNow } from '../panel/hooks';
import { OperationItem } from '../panel/operationItem';
import { Problem } from '../panel/problem';
import { stateText } from '../panel/rowText';
import { stateKind, StateMark } from '../panel/stateMark';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { ApplicationsCard, ComputeCard, CostCard, OwnerCard } from './cards';
import { useDetails } from './useDetails';

const NO_SIZES: Readonly<Record<string, VmSize>> = {};

interface IDetailsProps {
  readonly name: string;
  readonly manager: ICiManager;
  readonly onDismiss: (id: string) => void;
  readonly onLog: (instance: Instance) => void;
}

/** The page about one instance. */
export function DetailsView(props: IDetailsProps): React.JSX.Element {
  const { name, manager } = props;
  const trans = useTranslation();
  const { state, reload } = useDetails(name, manager);
  switch (state.status) {
    case 'loading':
      return (
        <p role="status" className="jp-ci-late">
          {trans.__('Loading %1…', name)}
        </p>
      );
    case 'failed':
      return (
        <Problem error={explain(state.failure, trans)}>
          <ActionButton primary onClick={reload}>
            {trans.__('Retry')}
          </ActionButton>
        </Problem>
      );
    case 'ready':
      return <Facts {...props} details={state.details} />;
  }
}

function Facts(
  props: IDetailsProps & { readonly details: InstanceDetails }
): React.JSX.Element {
  const { name, manager, details, onLog } = props;
  const { instance } = details;
  const trans = useTranslation();
  const now = useNow(instance.in_transition ? 1 : 30);
  const list = useModel(
    manager.instances.changed,
    () => manager.instances.state
  );
  // What is asked of it and done with it is in the row, too.
  useModel(manager.actions.changed, () => manager.actions.pending.get(name));
  useModel(manager.operations.changed, () => manager.operations.activeOn(name));
  const sizes = list.status === 'ready' ? list.sizes : NO_SIZES;
  const row = instanceRow(manager, instance, sizes);
  const state = stateText(row, now, trans);
  return (
    <>
      <h2>
        <StateMark kind={stateKind(instance)} /> {name}
      </h2>
      <p>
        {state.text}. {state.title}
      </p>
      {instance.errors.map(error => (
        <p key={error.code} className="jp-ci-hint">
          {error.message} ({error.code})
        </p>
      ))}
      <div className="jp-ci-cards">
        <ComputeCard row={row} now={now} />
        <CostCard row={row} now={now} />
        <OwnerCard row={row} now={now} />
        <ApplicationsCard instance={instance} />
        <ScriptsCard
          instance={instance}
          scripts={details.setup_scripts}
          client={manager.client}
          now={now}
          onLog={() => {
            onLog(instance);
          }}
        />
      </div>
      <Operations {...props} now={now} />
      <details className="jp-ci-details">
        <summary>{trans.__('Raw JSON')}</summary>
        <pre>{JSON.stringify(details.resource, null, 2)}</pre>
      </details>
    </>
  );
}

function Operations(
  props: IDetailsProps & { readonly now: number }
): React.JSX.Element {
  const { name, manager, now, onDismiss } = props;
  const trans = useTranslation();
  const operations = useModel(
    manager.operations.changed,
    () => manager.operations.items
  ).filter(each => each.target === name);
  if (operations.length === 0) {
    return <></>;
  }
  return (
    <section className="jp-ci-activity">
      <h3>{trans.__('Operations')}</h3>
      <ul>
        {operations.map(operation => (
          <OperationItem
            key={operation.id}
            operation={operation}
            now={now}
            onDismiss={onDismiss}
          />
        ))}
      </ul>
    </section>
  );
}
