/**
 * What is known of one instance, to read: compute, cost, owner, links, operations, and the raw
 * resource. Nothing is changed here.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useState } from 'react';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { InstanceDetails, VmSize } from '../api/types';
import { explain } from '../failure';
import { formatAgo, formatMoment } from '../format';
import { instanceRow } from '../model/listing';
import { ownerOf } from '../model/rows';
import { ActionButton } from '../panel/buttons';
import { useModel, useNow } from '../panel/hooks';
import { CostNotes } from '../panel/notices';
import { OperationItem } from '../panel/operationItem';
import { Problem } from '../panel/problem';
import { costText, sizeText, stateText, uptimeText } from '../panel/rowText';
import { stateKind, StateMark } from '../panel/stateMark';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { idleShutdownLabel } from '../words';

type Loaded =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | { readonly status: 'ready'; readonly details: InstanceDetails };

const NO_SIZES: Readonly<Record<string, VmSize>> = {};

/** The page about one instance. */
export function DetailsView(props: {
  readonly name: string;
  readonly manager: ICiManager;
  readonly onDismiss: (id: string) => void;
}): React.JSX.Element {
  const { name, manager } = props;
  const trans = useTranslation();
  const { loaded, reload } = useDetails(name, manager);
  switch (loaded.status) {
    case 'loading':
      return <p role="status">{trans.__('Loading %1…', name)}</p>;
    case 'failed':
      return (
        <Problem error={explain(loaded.failure, trans)}>
          <ActionButton primary onClick={reload}>
            {trans.__('Retry')}
          </ActionButton>
        </Problem>
      );
    case 'ready':
      return <Facts {...props} details={loaded.details} />;
  }
}

/** The details, fetched again whenever the list brings news of the instance. */
function useDetails(
  name: string,
  manager: ICiManager
): { readonly loaded: Loaded; readonly reload: () => void } {
  const [loaded, setLoaded] = useState<Loaded>({ status: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const listed = useModel(manager.instances.changed, () => {
    const instance = manager.instances.find(name);
    return instance === null
      ? null
      : `${instance.state} ${instance.modified_at ?? ''}`;
  });
  useEffect(() => {
    const controller = new AbortController();
    manager.client.instance(name, { signal: controller.signal }).then(
      details => {
        setLoaded({ status: 'ready', details });
      },
      (reason: unknown) => {
        const failure = RequestError.failureOf(reason);
        if (failure.kind !== 'aborted') {
          setLoaded({ status: 'failed', failure });
        }
      }
    );
    return () => {
      controller.abort();
    };
  }, [name, manager, listed, attempt]);
  return {
    loaded,
    reload: () => {
      setAttempt(attempt + 1);
    }
  };
}

function Facts(props: {
  readonly name: string;
  readonly manager: ICiManager;
  readonly details: InstanceDetails;
  readonly onDismiss: (id: string) => void;
}): React.JSX.Element {
  const { name, manager, details, onDismiss } = props;
  const { instance } = details;
  const trans = useTranslation();
  const now = useNow(instance.in_transition ? 1 : 30);
  const list = useModel(
    manager.instances.changed,
    () => manager.instances.state
  );
  const operations = useModel(
    manager.operations.changed,
    () => manager.operations.items
  ).filter(each => each.target === name);
  const sizes = list.status === 'ready' ? list.sizes : NO_SIZES;
  const row = instanceRow(manager, instance, sizes);
  const state = stateText(row, now, trans);
  const cost = costText(row, now, trans);
  const uptime = uptimeText(row, now, trans);
  const size = sizeText(row, trans);
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
        <Card title={trans.__('Compute')}>
          <Fact term={trans.__('VM size')}>
            {instance.vm_size} ({size.text})
          </Fact>
          <Fact term={trans.__('Region')}>{instance.location}</Fact>
          <Fact term={trans.__('Uptime')}>{uptime.text || uptime.title}</Fact>
          <Fact term={trans.__('Idle shutdown')}>
            {idleShutdownLabel(instance, trans)}
          </Fact>
          <Fact term={trans.__('Schedules')}>{instance.schedule_count}</Fact>
        </Card>
        <Card title={trans.__('Cost')}>
          <Fact term={trans.__('Estimate')}>{cost.text}</Fact>
          <dd>{cost.title}</dd>
          <CostNotes />
        </Card>
        <Card title={trans.__('Owner')}>
          <Fact term={trans.__('Owner')}>{ownerOf(instance)}</Fact>
          <Fact term={trans.__('Created by')}>{instance.created_by?.name}</Fact>
          <Fact term={trans.__('Created')}>
            <Moment time={instance.created_at} now={now} trans={trans} />
          </Fact>
        </Card>
        <Card title={trans.__('Open in')}>
          {instance.applications.length === 0 && (
            <dd>{trans.__('No applications now.')}</dd>
          )}
          {instance.applications.map(application => (
            <dd key={application.display_name}>
              <a
                href={application.endpoint_uri}
                target="_blank"
                rel="noreferrer"
              >
                {application.display_name}
              </a>
            </dd>
          ))}
        </Card>
      </div>
      {operations.length > 0 && (
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
      )}
      <details className="jp-ci-details">
        <summary>{trans.__('Raw JSON')}</summary>
        <pre>{JSON.stringify(details.resource, null, 2)}</pre>
      </details>
    </>
  );
}

function Card(props: {
  readonly title: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  return (
    <section className="jp-ci-card">
      <h3>{props.title}</h3>
      <dl>{props.children}</dl>
    </section>
  );
}

function Fact(props: {
  readonly term: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const trans = useTranslation();
  return (
    <>
      <dt>{props.term}</dt>
      <dd>{props.children ?? trans.__('unknown')}</dd>
    </>
  );
}

function Moment(props: {
  readonly time: string | null;
  readonly now: number;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { time, now, trans } = props;
  if (time === null) {
    return <>{trans.__('unknown')}</>;
  }
  const moment = new Date(time);
  return (
    <time dateTime={time} title={formatMoment(moment)}>
      {formatAgo(moment, now, trans)}
    </time>
  );
}
