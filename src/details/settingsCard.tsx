/**
 * What else an instance was asked for with: identity, tags, sign-on, sharing, applications, mounts.
 */
import React from 'react';

import type { InstanceSpec } from '../api/types';
import { useTranslation } from '../panel/translation';
import { Card, Copyable, Fact } from './card';

/** The card. */
export function SettingsCard({
  spec
}: {
  readonly spec: InstanceSpec;
}): React.JSX.Element {
  const trans = useTranslation();
  const choice = (value: boolean | null): string =>
    value === null
      ? trans.__('Azure’s default')
      : value
        ? trans.__('on')
        : trans.__('off');
  const tags = Object.entries(spec.tags);
  return (
    <Card title={trans.__('Settings')}>
      <dl className="jp-ci-fact-rows">
        {spec.description !== null && spec.description !== '' && (
          <Fact term={trans.__('Description')}>{spec.description}</Fact>
        )}
        <Fact term={trans.__('Identity')}>
          <Identity spec={spec} />
        </Fact>
        <Fact term={trans.__('Single sign-on')}>{choice(spec.sso)}</Fact>
        <Fact term={trans.__('Root access')}>{choice(spec.root_access)}</Fact>
        <Fact term={trans.__('Applications are open to')}>
          {spec.application_sharing === null
            ? trans.__('Azure’s default')
            : spec.application_sharing === 'Shared'
              ? trans.__('people of the workspace')
              : trans.__('its owner')}
        </Fact>
        <Fact term={trans.__('Custom applications')}>
          {spec.custom_applications.length === 0
            ? trans.__('none')
            : spec.custom_applications.map(each => each.name).join(', ')}
        </Fact>
        <Fact term={trans.__('Data mounts')}>
          {spec.data_mounts.length === 0 ? (
            trans.__('none')
          ) : (
            <ul>
              {spec.data_mounts.map(each => (
                <li key={each.mount_path}>
                  {`${each.mount_path} ← ${each.source}`}
                </li>
              ))}
            </ul>
          )}
        </Fact>
        <Fact term={trans.__('Tags')}>
          {tags.length === 0 ? (
            trans.__('none')
          ) : (
            <ul>
              {tags.map(([key, value]) => (
                <li key={key}>{`${key}: ${value}`}</li>
              ))}
            </ul>
          )}
        </Fact>
      </dl>
    </Card>
  );
}

function Identity({
  spec
}: {
  readonly spec: InstanceSpec;
}): React.JSX.Element {
  const trans = useTranslation();
  const { identity } = spec;
  if (
    identity === null ||
    (!identity.system_assigned && identity.user_assigned.length === 0)
  ) {
    return <>{trans.__('none')}</>;
  }
  return (
    <ul>
      {identity.system_assigned && <li>{trans.__('system-assigned')}</li>}
      {identity.user_assigned.map(id => (
        <li key={id}>
          <Copyable
            text={id}
            short={id.split('/').pop() ?? id}
            what={trans.__('Copy the ARM id of the identity')}
          />
        </li>
      ))}
    </ul>
  );
}
