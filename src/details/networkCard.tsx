/**
 * How an instance is reached: its addresses, its subnet, and SSH.
 */
import React from 'react';

import type { InstanceDetails } from '../api/types';
import { CommandLine } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import { Card, Copyable, Fact } from './card';

/** The card. */
export function NetworkCard({
  details
}: {
  readonly details: InstanceDetails;
}): React.JSX.Element {
  const { addresses, spec, ssh } = details;
  const trans = useTranslation();
  const subnet = addresses?.subnet_id ?? null;
  const hasNoPublicIp = spec?.network?.public_ip === false;
  return (
    <Card title={trans.__('Network and SSH')}>
      <dl className="jp-ci-fact-rows">
        <Fact term={trans.__('Public IP')}>
          {hasNoPublicIp
            ? trans.__('none')
            : addresses?.public_ip && (
                <Copyable
                  text={addresses.public_ip}
                  what={trans.__('Copy the public IP')}
                />
              )}
        </Fact>
        <Fact term={trans.__('Private IP')}>
          {addresses?.private_ip && (
            <Copyable
              text={addresses.private_ip}
              what={trans.__('Copy the private IP')}
            />
          )}
        </Fact>
        <Fact term={trans.__('Subnet')}>
          {subnet === null ? (
            trans.__('Azure’s own, or the workspace’s managed network')
          ) : (
            <Copyable
              text={subnet}
              short={subnetName(subnet)}
              what={trans.__('Copy the ARM id of the subnet')}
            />
          )}
        </Fact>
        {ssh !== null && (
          <>
            <Fact term={trans.__('SSH user')}>{ssh.user}</Fact>
            <Fact term={trans.__('SSH host and port')}>
              {`${ssh.host}:${ssh.port}`}
            </Fact>
          </>
        )}
      </dl>
      {ssh === null ? (
        <p className="jp-ci-hint">
          {spec === null || spec.ssh === null
            ? trans.__(
                'SSH is off. It can be switched on only when an instance is created.'
              )
            : trans.__(
                'SSH is on; Azure names no address for it as long as the instance is off.'
              )}
        </p>
      ) : (
        <CommandLine text={ssh.command} />
      )}
    </Card>
  );
}

/** "network / subnet" of an ARM id, or the id where it is another. */
function subnetName(id: string): string {
  const match = /\/virtualNetworks\/([^/]+)\/subnets\/([^/]+)$/i.exec(id);
  return match === null ? id : `${match[1]} / ${match[2]}`;
}
