/**
 * On whose behalf the instance is created: only that person can open what runs on it.
 */
import React from 'react';

import { useTranslation } from '../panel/translation';
import { SpecSwitch, SpecText } from './fields';
import { useSpec } from './specContext';

/** The section. */
export function AssignedSection(): React.JSX.Element {
  const { form, manager } = useSpec();
  const trans = useTranslation();
  const { objectId, onBehalf, tenantId, withSsh } = form.draft;
  const { state } = manager.workspace;
  const own =
    state.status === 'known' ? (state.value.identity?.tenant_id ?? null) : null;
  return (
    <>
      <SpecSwitch
        field="assigned_to"
        label={trans.__('Create it for someone else')}
        hint={
          withSsh && !onBehalf
            ? trans.__(
                'Azure refuses this together with an SSH key: switch SSH off first.'
              )
            : trans.__(
                'Only that person can open its applications; you pay for it and can stop it.'
              )
        }
        value={onBehalf}
        onChange={value => {
          form.choose({
            onBehalf: value,
            tenantId: tenantId === '' ? (own ?? '') : tenantId
          });
        }}
      />
      {onBehalf && (
        <>
          <SpecText
            field="assigned_to.object_id"
            label={trans.__('Object id of the person')}
            placeholder="00000000-0000-0000-0000-000000000000"
            hint={trans.__(
              'From Microsoft Entra ID, or “az ad user show --id amy@example.com --query id”.'
            )}
            value={objectId}
            onChange={value => {
              form.choose({ objectId: value });
            }}
          />
          <SpecText
            field="assigned_to.tenant_id"
            label={trans.__('Tenant id')}
            placeholder="00000000-0000-0000-0000-000000000000"
            value={tenantId}
            onChange={value => {
              form.choose({ tenantId: value });
            }}
          />
          <h4>{trans.__('What both of you need')}</h4>
          <ul className="jp-ci-needs">
            <li>
              {trans.__('You:')}{' '}
              <code>
                Microsoft.MachineLearningServices/workspaces/computes/write
              </code>
            </li>
            <li>
              {trans.__('The person:')}{' '}
              <code>
                Microsoft.MachineLearningServices/workspaces/computes/read
              </code>
              , <code>…/computes/start/action</code>,{' '}
              <code>…/computes/stop/action</code>,{' '}
              <code>…/computes/restart/action</code>,{' '}
              <code>…/computes/applicationaccess/action</code>,{' '}
              <code>…/computes/updateSchedules/action</code>
            </li>
          </ul>
        </>
      )}
    </>
  );
}
