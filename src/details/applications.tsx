/**
 * What an instance serves, to open in a browser tab, and why it cannot be opened.
 */
import React from 'react';

import type { Application, Instance, InstanceDetails } from '../api/types';
import { isRunning } from '../model/rows';
import { useTranslation } from '../panel/translation';
import { Card } from './card';

/** Those of its applications that a browser tab may be opened with: their addresses are from outside. */
export function openable(instance: Instance): readonly Application[] {
  return instance.applications.filter(each =>
    /^https?:\/\//.test(each.endpoint_uri)
  );
}

/** The card. */
export function ApplicationsCard(props: {
  readonly instance: Instance;
  readonly details: InstanceDetails;
}): React.JSX.Element {
  const { instance, details } = props;
  const trans = useTranslation();
  const applications = openable(instance);
  const isOpen = details.applications_open;
  return (
    <Card title={trans.__('Open in')}>
      {!isOpen && (
        <p className="jp-ci-warning">
          {details.applications_note ??
            trans.__('Only its owner can open its applications.')}
        </p>
      )}
      {applications.length === 0 && <p>{trans.__('It serves nothing now.')}</p>}
      {applications.length > 0 && isOpen && !isRunning(instance) && (
        <p>{trans.__('They answer while it runs.')}</p>
      )}
      <ul>
        {applications.map(({ display_name: name, endpoint_uri: url }) => (
          <li key={`${name} ${url}`}>
            {isOpen ? (
              <a href={url} target="_blank" rel="noreferrer" title={url}>
                {name}
              </a>
            ) : (
              name
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
