/**
 * Where in a network the instance is: a subnet, picked or by its id, and whether it has a public IP.
 */
import React, { useCallback, useId } from 'react';

import type { IRequestOptions } from '../api/requests';
import type { VirtualNetwork } from '../api/types';
import { ChoiceField } from '../environments/field';
import { explain } from '../failure';
import { useTranslation } from '../panel/translation';
import { SpecSwitch, SpecText } from './fields';
import { ProblemSays } from './problemSays';
import { useSpec } from './specContext';
import { useChoices } from './useChoices';

/** The section. */
export function NetworkSection(): React.JSX.Element {
  const { form } = useSpec();
  const trans = useTranslation();
  const { publicIp, subnetId } = form.draft;
  return (
    <>
      <p className="jp-ci-hint">
        {trans.__(
          'Left alone, it is where the workspace puts it: in Azure’s network, or in the workspace’s managed one. Neither can be changed later.'
        )}
      </p>
      {!form.isLocked('network.subnet_id') && <SubnetPicker />}
      <SpecText
        field="network.subnet_id"
        label={trans.__('Id of the subnet')}
        placeholder="/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/…"
        hint={trans.__(
          'In the region of the workspace. Empty: none of your own.'
        )}
        value={subnetId}
        onChange={value => {
          form.choose({ subnetId: value });
        }}
      />
      <SpecSwitch
        field="network.public_ip"
        label={trans.__('Public IP address')}
        hint={trans.__(
          'Azure refuses to leave it out without a subnet of your own or a workspace with a managed network; the subnet then needs a way out, such as a NAT gateway.'
        )}
        value={publicIp}
        onChange={value => {
          form.choose({ publicIp: value });
        }}
      />
      <ProblemSays field="network" />
    </>
  );
}

/** Resource group, network and subnet, of those that can be seen. */
function SubnetPicker(): React.JSX.Element | null {
  const { form, manager } = useSpec();
  const { specs } = manager.client;
  const trans = useTranslation();
  const id = useId();
  const ask = useCallback(
    (options: IRequestOptions) => specs.virtualNetworks(options),
    [specs]
  );
  const { value, failure } = useChoices(ask);
  const why =
    failure === null ? (value?.error ?? null) : explain(failure, trans);
  if (value === null || value.items.length === 0) {
    return (
      <p className="jp-ci-hint" role="status">
        {why !== null
          ? trans.__(
              'The virtual networks cannot be listed: %1 An id can be given all the same.',
              why.message
            )
          : value === null
            ? trans.__('Looking for virtual networks…')
            : trans.__(
                'There is no virtual network in the region that you can see. An id can be given all the same.'
              )}
      </p>
    );
  }
  const known = subnetsOf(value.items).some(
    each => each.id === form.draft.subnetId.trim()
  );
  return (
    <ChoiceField
      id={id}
      label={trans.__('Subnet')}
      value={known ? form.draft.subnetId.trim() : ''}
      choices={[
        ['', known ? trans.__('None') : trans.__('Choose…')],
        ...subnetsOf(value.items).map(each => [each.id, each.label] as const)
      ]}
      onChange={subnetId => {
        form.choose({ subnetId });
      }}
    />
  );
}

function subnetsOf(
  networks: readonly VirtualNetwork[]
): readonly { readonly id: string; readonly label: string }[] {
  return networks.flatMap(network =>
    network.subnets.map(subnet => ({
      id: subnet.id,
      label: [
        `${network.resource_group} / ${network.name} / ${subnet.name}`,
        ...(subnet.address_prefix === null ? [] : [subnet.address_prefix])
      ].join(' · ')
    }))
  );
}
