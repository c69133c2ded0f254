/**
 * What an instance serves, to open in a browser tab, or why it cannot be opened.
 */
import React from 'react';

import type { Application, Instance, InstanceDetails } from '../api/types';
import { isRunning } from '../model/rows';
import { ActionButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';

/** The links, in a line. */
export function Applications(props: {
  readonly instance: Instance;
  readonly details: InstanceDetails;
  /** Open a terminal of this machine; null where it is another, or has none. */
  readonly onTerminal: (() => void) | null;
}): React.JSX.Element {
  const { instance, details, onTerminal } = props;
  const trans = useTranslation();
  const applications = openable(instance);
  const names = applications.map(each => each.display_name).join(', ');
  if (!details.applications_open) {
    return (
      <p className="jp-ci-warning">
        {details.applications_note ??
          trans.__('Only its owner can open its applications.')}
      </p>
    );
  }
  if (!isRunning(instance)) {
    return names === '' ? (
      <></>
    ) : (
      <p className="jp-ci-hint">
        {trans.__('While it runs it can be opened in %1.', names)}
      </p>
    );
  }
  const lab = applications.find(({ display_name: name }) =>
    /^jupyter ?lab$/i.test(name)
  );
  return (
    <div className="jp-ci-open-links">
      <span>
        {applications.length === 0 && onTerminal === null
          ? trans.__('It serves nothing now.')
          : trans.__('Open in')}
      </span>
      {applications.map(({ display_name: name, endpoint_uri: url }) => (
        <Link key={`${name} ${url}`} url={url}>
          {name}
        </Link>
      ))}
      {onTerminal !== null ? (
        <ActionButton onClick={onTerminal}>{trans.__('Terminal')}</ActionButton>
      ) : (
        lab !== undefined && (
          <Link
            url={lab.endpoint_uri}
            title={trans.__(
              'Opens JupyterLab on the instance: File → New → Terminal there.'
            )}
          >
            {trans.__('Terminal')}
          </Link>
        )
      )}
    </div>
  );
}

function Link(props: {
  readonly url: string;
  readonly title?: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  return (
    <a
      href={props.url}
      target="_blank"
      rel="noreferrer"
      title={props.title ?? props.url}
    >
      {props.children}
    </a>
  );
}

/** Those of its applications that a browser tab may be opened with: their addresses are from outside. */
function openable(instance: Instance): readonly Application[] {
  return instance.applications.filter(each =>
    /^https?:\/\//.test(each.endpoint_uri)
  );
}
