/**
 * The cards of the page about an instance, each of facts that belong together.
 */
import React from 'react';

import type { Instance } from '../api/types';
import { formatAgo, formatMoment } from '../format';
import { isRunning, ownerOf } from '../model/rows';
import type { InstanceRow } from '../model/rows';
import { CostNotes } from '../panel/notices';
import { costText, sizeText, uptimeText } from '../panel/rowText';
import { useTranslation } from '../panel/translation';
import { idleShutdownLabel } from '../words';
import { Card } from './card';

interface ICardProps {
  readonly row: InstanceRow;
  readonly now: number;
}

/** The virtual machine, and when it stops by itself. */
export function ComputeCard({ row, now }: ICardProps): React.JSX.Element {
  const trans = useTranslation();
  const { instance } = row;
  const size = sizeText(row, trans);
  const uptime = uptimeText(row, now, trans);
  return (
    <Card title={trans.__('Compute')}>
      <dl>
        <Fact term={trans.__('VM size')}>{size.title}</Fact>
        <Fact term={trans.__('Has')}>{size.text}</Fact>
        <Fact term={trans.__('Region')}>{instance.location}</Fact>
        <Fact term={trans.__('Uptime')}>{uptime.text || uptime.title}</Fact>
        <Fact term={trans.__('Idle shutdown')}>
          {idleShutdownLabel(instance, trans)}
        </Fact>
        <Fact term={trans.__('Schedules')}>{instance.schedule_count}</Fact>
      </dl>
    </Card>
  );
}

/** What it costs, as far as anyone can say. */
export function CostCard({ row, now }: ICardProps): React.JSX.Element {
  const trans = useTranslation();
  const cost = costText(row, now, trans);
  return (
    <Card title={trans.__('Cost')}>
      <p>
        <strong>{cost.text}</strong>
      </p>
      <p>{cost.title}</p>
      <CostNotes />
    </Card>
  );
}

/** Who answers for it. */
export function OwnerCard({ row, now }: ICardProps): React.JSX.Element {
  const trans = useTranslation();
  const { instance } = row;
  return (
    <Card title={trans.__('Owner')}>
      <dl>
        <Fact term={trans.__('Owner')}>{ownerOf(instance)}</Fact>
        <Fact term={trans.__('Created by')}>{instance.created_by?.name}</Fact>
        <Fact term={trans.__('Created')}>
          {instance.created_at !== null && (
            <time
              dateTime={instance.created_at}
              title={formatMoment(new Date(instance.created_at))}
            >
              {formatAgo(new Date(instance.created_at), now, trans)}
            </time>
          )}
        </Fact>
      </dl>
    </Card>
  );
}

/** What it serves, to open in a browser tab. */
export function ApplicationsCard(props: {
  readonly instance: Instance;
}): React.JSX.Element {
  const trans = useTranslation();
  // An address from outside: only those that a browser tab may be opened with.
  const applications = props.instance.applications.filter(each =>
    /^https?:/.test(each.endpoint_uri)
  );
  return (
    <Card title={trans.__('Open in')}>
      {applications.length === 0 && <p>{trans.__('It serves nothing now.')}</p>}
      {applications.length > 0 && !isRunning(props.instance) && (
        <p>{trans.__('They answer while it runs.')}</p>
      )}
      <ul>
        {applications.map(({ display_name: name, endpoint_uri: url }) => (
          <li key={name}>
            <a href={url} target="_blank" rel="noreferrer">
              {name}
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Fact(props: {
  readonly term: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const trans = useTranslation();
  const { term, children } = props;
  const unknown = children === null || children === undefined;
  return (
    <>
      <dt>{term}</dt>
      <dd>{unknown || children === false ? trans.__('unknown') : children}</dd>
    </>
  );
}
