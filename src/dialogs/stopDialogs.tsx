/**
 * Asks before instances are stopped where that needs a second thought.
 */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

import type { Instance, VmSize } from '../api/types';
import { formatMoney } from '../format';
import { pricePerHour } from '../words';
import { titled } from './titled';

/**
 * Ask before the instance is stopped or restarted that this very Jupyter server runs on.
 */
export async function confirmOwnMachine(
  name: string,
  label: string,
  trans: TranslationBundle
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('You are working on %1', name),
    body: ownMachineWarning(name, trans),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label })
    ],
    defaultButton: 0
  });
  return button.accept;
}

/** What happens to a person's work when the instance goes that they work on. */
export function ownMachineWarning(
  name: string,
  trans: TranslationBundle
): string {
  return trans.__(
    'This Jupyter server runs on %1. Your kernels and terminals end, and what is not saved is lost.',
    name
  );
}

/**
 * Ask before all running instances of a person are stopped: which, and what that saves.
 *
 * @param own - The instance that this Jupyter server runs on, or null.
 */
export async function confirmStopMine(
  instances: readonly Instance[],
  sizes: Readonly<Record<string, VmSize>>,
  own: string | null,
  trans: TranslationBundle
): Promise<boolean> {
  const body = ReactWidget.create(
    <>
      <ul className="jp-ci-stop-list">
        {instances.map(({ name, vm_size: vmSize }) => (
          <li key={name}>
            <span className="jp-ci-clip">{name}</span>
            <span>{pricePerHour(sizes[vmSize]?.price, trans)}</span>
          </li>
        ))}
      </ul>
      <p>
        <strong>{savings(instances, sizes, trans)}</strong>
      </p>
      {instances.some(({ name }) => name === own) && own !== null && (
        <p>{ownMachineWarning(own, trans)}</p>
      )}
      <p className="jp-ci-hint">
        {trans.__(
          'Kernels and terminals on them end. Stopped instances still pay for disk, public IP and load balancer, and keep their quota.'
        )}
      </p>
    </>
  );
  body.addClass('jp-ci-dialog');
  const title = trans._n(
    'Stop your running instance?',
    'Stop your %1 running instances?',
    instances.length
  );
  const dialog = new Dialog({
    title,
    body,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Stop all') })
    ]
  });
  const { button } = await titled(dialog, title).launch();
  return button.accept;
}

/**
 * What stopping saves per hour, by currency; instances without a price are counted, not guessed.
 */
export function savings(
  instances: readonly Instance[],
  sizes: Readonly<Record<string, VmSize>>,
  trans: TranslationBundle
): string {
  const sums = new Map<string, number>();
  let unknown = 0;
  for (const { vm_size: vmSize } of instances) {
    const price = sizes[vmSize]?.price;
    if (price) {
      const sum = sums.get(price.currency) ?? 0;
      sums.set(price.currency, sum + price.amount_per_hour);
    } else {
      unknown += 1;
    }
  }
  const amounts = [...sums].map(([currency, sum]) =>
    formatMoney(sum, currency)
  );
  const parts: string[] = [];
  if (amounts.length > 0) {
    parts.push(
      trans.__('Saves about %1 per hour (estimate).', amounts.join(' + '))
    );
  }
  if (unknown > 0) {
    parts.push(
      trans._n(
        'The price of one of them is unknown.',
        'The price of %1 of them is unknown.',
        unknown
      )
    );
  }
  return parts.join(' ');
}
