/**
 * What a row says, in both densities; pure.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ScriptOutcome } from '../api/types';
import {
  formatAgo,
  formatDuration,
  formatMoment,
  formatMoney
} from '../format';
import { isBilled, ownerOf, uptimeSeconds } from '../model/rows';
import { hasFailed, outcomeLabel } from '../logs/words';
import type { InstanceRow, Row } from '../model/rows';
import {
  actionOf,
  priceOrigin,
  pricePerHour,
  requestedLabel,
  sizeSummary,
  stateMeaning
} from '../words';

/** A text and what its tooltip adds. */
export interface IText {
  readonly text: string;
  readonly title: string;
}

/** The state of a row in words, with how long a change has been under way. */
export function stateText(
  row: Row,
  now: number,
  trans: TranslationBundle
): IText {
  if (row.kind === 'requested') {
    const { message } = row.operation;
    return { text: requestedLabel('create', trans), title: message };
  }
  const { instance, operation, pending } = row;
  const meaning = stateMeaning(instance.state, trans);
  if (instance.in_transition) {
    const since = operation?.started_at ?? instance.state_since;
    const elapsed =
      since === null
        ? ''
        : ` ${formatDuration((now - Date.parse(since)) / 1000, trans)}`;
    return { text: `${instance.state}…${elapsed}`, title: meaning };
  }
  if (pending !== null || operation !== null) {
    const action =
      pending ?? actionOf(operation?.kind ?? 'instance.create') ?? 'create';
    return {
      text: requestedLabel(action, trans),
      title: operation?.message ?? meaning
    };
  }
  return { text: instance.state, title: meaning };
}

/** The second line of a narrow row, most telling first as the rest may be cut off. */
export function secondLine(
  row: Row,
  now: number,
  trans: TranslationBundle
): IText {
  const state = stateText(row, now, trans);
  if (row.kind === 'requested' || state.text !== row.instance.state) {
    return state;
  }
  const { instance } = row;
  const parts = [state.text];
  const error = instance.errors[0];
  const hasScriptFailed = hasFailed(instance.script_outcome);
  if (error !== undefined || hasScriptFailed) {
    if (isBilled(instance)) {
      parts.push(trans.__('still billed'));
    }
    // Azure's own words for it are longer than a row, and less telling.
    parts.push(
      hasScriptFailed
        ? scriptText(instance.script_outcome, trans)
        : (error?.message ?? '')
    );
  } else if (instance.state === 'Stopped') {
    parts.push(trans.__('disk still billed'), sizeText(row, trans).text);
  } else {
    parts.push(sizeText(row, trans).text);
    const uptime = uptimeSeconds(instance, now);
    if (uptime !== null) {
      parts.push(formatDuration(uptime, trans));
    }
  }
  const owner = ownerOf(instance);
  if (!instance.mine && owner !== null) {
    parts.push(owner);
  }
  const title = [
    state.title,
    error?.message ?? '',
    uptimeText(row, now, trans).title,
    sizeText(row, trans).title,
    costText(row, now, trans).title
  ];
  return {
    text: parts.join(' · '),
    title: title.filter(line => line !== '').join('\n')
  };
}

/** What became of its setup script. */
function scriptText(
  outcome: ScriptOutcome | null,
  trans: TranslationBundle
): string {
  const label = outcome === null ? null : outcomeLabel(outcome, trans);
  return trans.__('setup script: %1', label ?? '');
}

/** The size in human terms; its Azure name where nothing is known of it. */
export function sizeText(row: InstanceRow, trans: TranslationBundle): IText {
  const { instance, size } = row;
  return {
    text: size === null ? instance.vm_size : sizeSummary(size, trans),
    title: size?.name ?? instance.vm_size
  };
}

/** How long it has run; for others since when it is in its state, on hover. */
export function uptimeText(
  row: InstanceRow,
  now: number,
  trans: TranslationBundle
): IText {
  const { instance } = row;
  if (instance.state_since === null) {
    return { text: '', title: '' };
  }
  const since = new Date(instance.state_since);
  const seconds = uptimeSeconds(instance, now);
  return {
    text: seconds === null ? '' : formatDuration(seconds, trans),
    title: trans.__(
      '%1 since %2 (%3)',
      instance.state,
      formatMoment(since),
      formatAgo(since, now, trans)
    )
  };
}

/** What the VM costs per hour; what it has cost since it runs, on hover. */
export function costText(
  row: InstanceRow,
  now: number,
  trans: TranslationBundle
): IText {
  const { instance, size } = row;
  const price = size?.price ?? null;
  const perHour = pricePerHour(price, trans);
  // A price beside what does not run would read as money being spent.
  const text = instance.state === 'Stopped' ? trans.__('disk billed') : perHour;
  const title = [priceOrigin(price, trans)];
  const seconds = uptimeSeconds(instance, now);
  if (price !== null && seconds !== null) {
    const spent = (price.amount_per_hour * seconds) / 3600;
    title.unshift(
      trans.__(
        '%1, about %2 since it was started.',
        perHour,
        formatMoney(spent, price.currency)
      )
    );
  } else if (price !== null && instance.state === 'Unusable') {
    title.unshift(trans.__('%1, if the virtual machine is still on.', perHour));
  } else if (price !== null && !isBilled(instance)) {
    title.unshift(trans.__('%1 while it runs.', perHour));
  }
  return { text, title: title.join(' ') };
}
