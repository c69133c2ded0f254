/**
 * Asks what to do when a full disk holds a stop or restart back: by us beforehand, or by Azure.
 */
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Application, ErrorBody, Instance, Price } from '../api/types';
import { ErrorDetails } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { viewWidget } from '../panel/viewWidget';
import { pricePerHour } from '../words';
import { titled } from './titled';

/**
 * A stop or restart that was held back.
 */
export interface IStopAtRisk {
  readonly name: string;
  readonly action: 'stop' | 'restart';
  /** Why, as the server says it. */
  readonly error: ErrorBody;
  /** What is known of the instance, or null. */
  readonly instance: Instance | null;
  /** What it costs, or null where that is not known. */
  readonly price: Price | null;
  /** Whether this Jupyter server runs on it: then it can be cleaned up from here. */
  readonly isOwn: boolean;
}

/** What a person decides. */
export type RiskDecision = 'clean_up' | 'anyway' | 'cancel';

/** Ask; resolves to what a person decides. */
export async function askStopAtRisk(
  risk: IStopAtRisk,
  trans: TranslationBundle
): Promise<RiskDecision> {
  const title =
    risk.error.code === 'InstanceDiskFull'
      ? trans.__('Azure refused: the disk of %1 is full', risk.name)
      : trans.__('The disk of %1 is nearly full', risk.name);
  const body = viewWidget(<RiskView risk={risk} />, trans);
  body.addClass('jp-ci-dialog');
  const canCleanUp = risk.isOwn || cleanupLink(risk.instance) !== null;
  const buttons = [
    Dialog.cancelButton({ label: trans.__('Cancel') }),
    Dialog.warnButton({
      label: anywayLabel(risk, trans),
      actions: ['anyway']
    }),
    ...(canCleanUp
      ? [
          Dialog.okButton({
            label: trans.__('Clean up…'),
            actions: ['clean_up']
          })
        ]
      : [])
  ];
  const dialog = new Dialog({
    title,
    body,
    buttons,
    defaultButton: canCleanUp ? buttons.length - 1 : 0
  });
  dialog.addClass('jp-ci-risk-dialog');
  const { button } = await titled(dialog, title).launch();
  const [decision] = button.actions;
  return decision === 'anyway' || decision === 'clean_up' ? decision : 'cancel';
}

/** Where a person can clean up on an instance, or null where it serves nothing. */
export function cleanupLink(instance: Instance | null): Application | null {
  const served = (instance?.applications ?? []).filter(
    ({ endpoint_uri: uri }) =>
      // An address from outside: only those that a browser tab may be opened with.
      /^https?:/.test(uri)
  );
  return (
    served.find(each => /jupyter\s*lab/i.test(each.display_name)) ??
    served.find(each => /jupyter|terminal/i.test(each.display_name)) ??
    null
  );
}

function anywayLabel(
  { action, error }: IStopAtRisk,
  trans: TranslationBundle
): string {
  if (error.code === 'InstanceDiskFull') {
    return trans.__('Try again');
  }
  return action === 'stop'
    ? trans.__('Stop anyway')
    : trans.__('Restart anyway');
}

function RiskView(props: { readonly risk: IStopAtRisk }): React.JSX.Element {
  const { risk } = props;
  const { error, instance, isOwn, name } = risk;
  const trans = useTranslation();
  const link = cleanupLink(instance);
  return (
    <>
      <p>{error.message}</p>
      <p>
        <strong>{consequence(risk, trans)}</strong>
      </p>
      <p>
        {trans.__(
          'Scheduled stops and idle shutdown fail for the same reason.'
        )}
      </p>
      {!isOwn && (
        <p>
          {trans.__(
            'What fills it is on %1 itself, so that is where it is cleaned up.',
            name
          )}{' '}
          {link === null ? (
            trans.__(
              'It serves no JupyterLab or terminal now: connect to it by SSH.'
            )
          ) : (
            <a href={link.endpoint_uri} target="_blank" rel="noreferrer">
              {trans.__('Open %1 on %2', link.display_name, name)}
            </a>
          )}
        </p>
      )}
      <ErrorDetails error={error} />
    </>
  );
}

/** What would happen; or what does, once Azure has refused. */
export function consequence(
  { action, error, price, name }: IStopAtRisk,
  trans: TranslationBundle
): string {
  const perHour = price === null ? null : pricePerHour(price, trans);
  if (error.code === 'InstanceDiskFull') {
    return perHour === null
      ? trans.__('%1 goes on being billed (price unknown).', name)
      : trans.__('%1 goes on costing %2.', name, perHour);
  }
  const refused =
    action === 'stop'
      ? trans.__('Azure refuses to stop an instance whose disk is full;')
      : trans.__('Azure refuses to restart an instance whose disk is full;');
  const cost =
    perHour === null
      ? trans.__('%1 would go on being billed (price unknown).', name)
      : trans.__('%1 would go on costing %2.', name, perHour);
  return `${refused} ${cost}`;
}
