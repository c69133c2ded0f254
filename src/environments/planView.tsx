/**
 * What creating or changing comes to: how much is fetched, what stays free, and every package.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useMemo } from 'react';

import type { EnvironmentPlan, PlannedPackage } from '../api/types';
import { explain } from '../failure';
import { formatBytes, formatDuration } from '../format';
import { ActionButton } from '../panel/buttons';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { PlanState } from './planning';
import { actionLabel, engineText } from './words';

/** What is to be shown in the place of a plan, too. */
export interface IPlanWays {
  readonly onRetry: () => void;
  readonly onCleanUp: () => void;
  /** Buttons that lead from a failure to where it can be mended. */
  readonly children?: React.ReactNode;
}

/** The plan, or how far it is. */
export function PlanView(
  props: IPlanWays & { readonly state: PlanState }
): React.JSX.Element {
  const { state, onRetry, children } = props;
  const trans = useTranslation();
  switch (state.status) {
    case 'none':
      return <></>;
    case 'solving':
      return (
        <div className="jp-ci-solving" role="status">
          <p>
            {state.operation?.message ??
              trans.__('Working out which packages fit together…')}
          </p>
          <progress
            className="jp-ci-progress"
            aria-label={trans.__('Working out the packages')}
            max={1}
          />
        </div>
      );
    case 'failed':
      return (
        <div role="alert" className="jp-ci-plan-problem">
          <Problem
            title={trans.__('It cannot be made like this')}
            error={explain(state.failure, trans)}
          >
            {children}
            <ActionButton onClick={onRetry}>
              {trans.__('Try again')}
            </ActionButton>
          </Problem>
        </div>
      );
    case 'ready':
      return <Plan {...props} plan={state.plan} seconds={state.seconds} />;
  }
}

function Plan(
  props: IPlanWays & {
    readonly plan: EnvironmentPlan;
    readonly seconds: number | null;
  }
): React.JSX.Element {
  const { plan, seconds, onCleanUp } = props;
  const trans = useTranslation();
  return (
    <div className="jp-ci-plan">
      <PlanFacts plan={plan} seconds={seconds} />
      {!plan.fits && (
        <div role="alert" className="jp-ci-banner">
          <strong>{trans.__('It does not fit on the disk')}</strong>
          {plan.reason !== null && <p>{plan.reason}</p>}
          <div className="jp-ci-buttons">
            <ActionButton primary onClick={onCleanUp}>
              {trans.__('Clean up…')}
            </ActionButton>
          </div>
        </div>
      )}
      {plan.warnings.length > 0 && (
        <ul className="jp-ci-warnings" aria-label={trans.__('To know')}>
          {plan.warnings.map(warning => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <PlannedPackages plan={plan} />
    </div>
  );
}

function PlanFacts(props: {
  readonly plan: EnvironmentPlan;
  readonly seconds: number | null;
}): React.JSX.Element {
  const { plan, seconds } = props;
  const trans = useTranslation();
  const unknown = trans.__('not known');
  const {
    available_bytes: available,
    download_bytes: download,
    install_bytes: install
  } = plan;
  const left =
    available === null || install === null ? null : available - install;
  const facts: readonly (readonly [term: string, fact: string])[] = [
    [trans.__('Packages'), String(plan.packages.length + plan.pip.length)],
    [
      trans.__('To download'),
      download === null
        ? unknown
        : download === 0
          ? trans.__('nothing: all is in the cache')
          : formatBytes(download)
    ],
    [
      trans.__('On the disk'),
      install === null ? unknown : formatBytes(install)
    ],
    [
      trans.__('Stays free'),
      left === null ? unknown : formatBytes(Math.max(0, left))
    ],
    [
      trans.__('Takes'),
      plan.seconds === null
        ? unknown
        : trans.__(
            'about %1, going by earlier work on this machine',
            roundedDuration(plan.seconds, trans)
          )
    ],
    [trans.__('Made with'), engineText(plan.engine, trans)],
    ...(seconds === null
      ? []
      : [
          [
            trans.__('Worked out in'),
            seconds < 1
              ? trans.__('less than a second')
              : formatDuration(seconds, trans)
          ] as const
        ])
  ];
  return (
    <dl className="jp-ci-facts">
      {facts.map(([term, fact]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

/** An estimate as exact as it is: to five seconds, then to minutes. */
function roundedDuration(seconds: number, trans: TranslationBundle): string {
  const step = seconds < 50 ? 5 : 60;
  return formatDuration(
    Math.max(step, Math.round(seconds / step) * step),
    trans
  );
}

const ORDER: readonly PlannedPackage['action'][] = [
  'remove',
  'downgrade',
  'update',
  'install'
];

function PlannedPackages(props: {
  readonly plan: EnvironmentPlan;
}): React.JSX.Element {
  const { packages, pip } = props.plan;
  const trans = useTranslation();
  const sorted = useMemo(
    () =>
      [...packages].sort(
        (a, b) =>
          ORDER.indexOf(a.action) - ORDER.indexOf(b.action) ||
          a.name.localeCompare(b.name)
      ),
    [packages]
  );
  if (packages.length + pip.length === 0) {
    return <p>{trans.__('There is nothing to do: all of it is there.')}</p>;
  }
  return (
    <details className="jp-ci-fold" open={packages.length <= 12}>
      <summary>
        {trans._n('%1 package', '%1 packages', packages.length + pip.length)}
      </summary>
      <div className="jp-ci-table-scroll">
        <table className="jp-ci-table">
          <thead>
            <tr>
              <th scope="col">{trans.__('Package')}</th>
              <th scope="col">{trans.__('Version')}</th>
              <th scope="col">{trans.__('Change')}</th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__('Download')}
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map(each => (
              <tr key={`${each.action} ${each.name}`}>
                <th scope="row" title={each.channel ?? undefined}>
                  {each.name}
                </th>
                <td title={each.build ?? undefined}>
                  {each.from_version !== null && each.action !== 'remove'
                    ? `${each.from_version} → ${each.version}`
                    : each.version}
                </td>
                <td>{actionLabel(each.action, trans)}</td>
                <td className="jp-mod-numeric">{downloadText(each)}</td>
              </tr>
            ))}
            {pip.map(spec => (
              <tr key={`pip ${spec}`}>
                <th scope="row">{spec}</th>
                <td>pip</td>
                <td>{actionLabel('install', trans)}</td>
                <td className="jp-mod-numeric">–</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function downloadText({
  action,
  download_bytes: bytes
}: PlannedPackage): string {
  return action === 'remove' || bytes === null ? '–' : formatBytes(bytes);
}
