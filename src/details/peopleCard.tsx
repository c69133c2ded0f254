/**
 * Whose an instance is: who created it, for whom, and when.
 */
import React from 'react';

import type { Instance, Person } from '../api/types';
import { formatAgo, formatMoment } from '../format';
import { useTranslation } from '../panel/translation';
import { Card, Copyable, Fact } from './card';

/** The card. */
export function PeopleCard(props: {
  readonly instance: Instance;
  readonly now: number;
}): React.JSX.Element {
  const { instance, now } = props;
  const trans = useTranslation();
  return (
    <Card title={trans.__('Owner')}>
      <dl className="jp-ci-fact-rows">
        <Fact term={trans.__('Created by')}>
          {instance.created_by !== null && <Who person={instance.created_by} />}
        </Fact>
        <Fact term={trans.__('Assigned to')}>
          {instance.assigned_to === null ? (
            trans.__('whoever created it')
          ) : (
            <Who person={instance.assigned_to} />
          )}
        </Fact>
        <Fact term={trans.__('Created')}>
          {instance.created_at !== null && (
            <When moment={instance.created_at} now={now} />
          )}
        </Fact>
        <Fact term={trans.__('Changed')}>
          {instance.modified_at !== null && (
            <When moment={instance.modified_at} now={now} />
          )}
        </Fact>
      </dl>
    </Card>
  );
}

function Who({ person }: { readonly person: Person }): React.JSX.Element {
  const trans = useTranslation();
  const { name, object_id: objectId } = person;
  return (
    <>
      {name ?? trans.__('someone whose name Azure does not say')}
      {objectId !== null && (
        <div>
          <Copyable text={objectId} what={trans.__('Copy the object id')} />
        </div>
      )}
    </>
  );
}

function When(props: {
  readonly moment: string;
  readonly now: number;
}): React.JSX.Element {
  const trans = useTranslation();
  const moment = new Date(props.moment);
  return (
    <time dateTime={props.moment} title={formatMoment(moment)}>
      {formatAgo(moment, props.now, trans)}
    </time>
  );
}
