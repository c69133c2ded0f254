/**
 * What the signed-in identity may do with compute instances, action by action.
 */
import React from 'react';

import type { ActionAccess } from '../api/types';
import { StateMark } from '../panel/stateMark';
import { useTranslation } from '../panel/translation';
import { Card } from './card';

/** The card. */
export function AccessCard(props: {
  readonly access: readonly ActionAccess[];
}): React.JSX.Element {
  const { access } = props;
  const trans = useTranslation();
  const missing = access.filter(({ allowed }) => allowed === false).length;
  return (
    <Card title={trans.__('Permissions')}>
      <p>
        {access.length === 0
          ? trans.__('Azure does not say what you may do here.')
          : missing === 0
            ? trans.__('Your role in the workspace allows all of this.')
            : trans._n(
                'Your role in the workspace does not allow one of these.',
                'Your role in the workspace does not allow %1 of these.',
                missing
              )}
      </p>
      {access.length > 0 && (
        <div className="jp-ci-table-scroll" tabIndex={0} role="group">
          <table className="jp-ci-table">
            <thead>
              <tr>
                <th scope="col">{trans.__('What')}</th>
                <th scope="col">{trans.__('Allowed')}</th>
                <th scope="col">{trans.__('Action')}</th>
              </tr>
            </thead>
            <tbody>
              {access.map(each => (
                <Row key={each.action} access={each} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Row({ access }: { readonly access: ActionAccess }): React.JSX.Element {
  const trans = useTranslation();
  const { action, allowed, reason, title } = access;
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>
        <span className="jp-ci-access">
          <StateMark
            kind={allowed === null ? 'unknown' : allowed ? 'running' : 'failed'}
          />
          {allowed === null
            ? trans.__('not known')
            : allowed
              ? trans.__('yes')
              : trans.__('no')}
        </span>
        {reason !== null && <p className="jp-ci-hint">{reason}</p>}
      </td>
      <td>
        <code>{action}</code>
      </td>
    </tr>
  );
}
