/**
 * What will happen, what it costs, and the button that lets it happen; it stays in sight.
 */
import React, { useState } from 'react';

import type { CostEstimate } from '../api/types';
import { explain } from '../failure';
import { formatMoney } from '../format';
import { mayDo } from '../model/permissions';
import { ActionButton } from '../panel/buttons';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import {
  costFacts,
  priceOrigin,
  pricePerHour,
  sizeSummary,
  whyNot
} from '../words';
import { CodeView } from './codeView';
import { SECTIONS } from './sections';
import { useSpec } from './specContext';
import { Tabs } from './tabs';
import { sectionLabel, sectionValue } from './words';

type Tab = 'summary' | 'code';

/** The summary. */
export function Summary(props: {
  readonly onGo: (field: string) => void;
}): React.JSX.Element {
  const trans = useTranslation();
  const [tab, setTab] = useState<Tab>('summary');
  return (
    <aside
      className={
        tab === 'code' ? 'jp-ci-spec-summary jp-mod-code' : 'jp-ci-spec-summary'
      }
      aria-label={trans.__('Review')}
    >
      <Tabs<Tab>
        label={trans.__('Review')}
        tabs={[
          ['summary', trans.__('Summary')],
          ['code', trans.__('Show as')]
        ]}
        chosen={tab}
        onChoose={setTab}
      >
        {tab === 'summary' ? <Review /> : <CodeView />}
      </Tabs>
      <Send onGo={props.onGo} />
    </aside>
  );
}

function Review(): React.JSX.Element {
  const { form } = useSpec();
  const trans = useTranslation();
  const { draft, vmSize } = form;
  const chosen = SECTIONS.slice(2).map(
    section => [section, sectionValue(section, draft, trans)] as const
  );
  return (
    <>
      <dl className="jp-ci-review">
        <dt>{trans.__('Name')}</dt>
        <dd>{draft.name || trans.__('not named yet')}</dd>
        <dt>{trans.__('VM size')}</dt>
        <dd>
          {draft.vmSize || trans.__('not chosen yet')}
          {vmSize !== null && (
            <span className="jp-ci-hint"> {sizeSummary(vmSize, trans)}</span>
          )}
        </dd>
      </dl>
      <Cost cost={form.check.value?.cost ?? null} />
      <details className="jp-ci-fold">
        <summary>{trans.__('Everything else')}</summary>
        <dl className="jp-ci-review">
          {chosen.map(([section, value]) => (
            <React.Fragment key={section}>
              <dt>{sectionLabel(section, trans)}</dt>
              <dd>{value}</dd>
            </React.Fragment>
          ))}
        </dl>
      </details>
    </>
  );
}

function Cost(props: {
  readonly cost: CostEstimate | null;
}): React.JSX.Element {
  const { cost } = props;
  const trans = useTranslation();
  if (cost === null) {
    return <p className="jp-ci-hint">{trans.__('Price unknown.')}</p>;
  }
  const { per_day, per_month, price, scheduled_per_month } = cost;
  const money = (amount: number): string => formatMoney(amount, price.currency);
  const rows = [
    [trans.__('An hour'), money(price.amount_per_hour)],
    [trans.__('A day'), money(per_day)],
    [trans.__('A month'), money(per_month)],
    ...(scheduled_per_month === null
      ? []
      : [[trans.__('A month by its schedules'), money(scheduled_per_month)]])
  ];
  return (
    <>
      <table className="jp-ci-cost" title={priceOrigin(price, trans)}>
        <caption>{trans.__('If left running (estimate)')}</caption>
        <tbody>
          {rows.map(([label, amount]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{amount}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <details className="jp-ci-fold">
        <summary>{trans.__('What else is billed')}</summary>
        <ul className="jp-ci-costs">
          {costFacts(trans).map(each => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** What is in the way, and the button. */
function Send(props: {
  readonly onGo: (field: string) => void;
}): React.JSX.Element {
  const { form, manager, problems } = useSpec();
  const trans = useTranslation();
  const { isSubmitting, nameState, refusal, usesExisting } = form;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const permission = mayDo('create', manager.workspace.state);
  const why = isSubmitting
    ? trans.__('It is about to begin.')
    : form.isReady
      ? null
      : (whyNot(permission, trans) ??
        (nameState.kind === 'checking'
          ? trans.__('Checking whether the name is free…')
          : nameState.kind === 'problem' && nameState.problem === 'empty'
            ? trans.__('It needs a name.')
            : first !== undefined
              ? trans._n('%1 problem.', '%1 problems.', errors.length)
              : form.draft.vmSize === ''
                ? trans.__('It needs a VM size.')
                : trans.__('The name or the VM size cannot be had.')));
  const whole = errors.find(({ field }) => field === '');
  const { failure } = form.check;
  return (
    <div className="jp-ci-send">
      {refusal !== null && (
        <div role="alert">
          <Problem error={explain(refusal, trans)} />
        </div>
      )}
      {whole !== undefined && (
        <p role="alert" className="jp-ci-says">
          <span className="jp-mod-bad">
            {[whole.message, whole.hint].filter(Boolean).join(' ')}
          </span>
        </p>
      )}
      {failure !== null && (
        <p role="status" className="jp-ci-hint">
          {trans.__(
            'The server could not look at it (%1); creating it will tell.',
            explain(failure, trans).message
          )}
        </p>
      )}
      <p className="jp-ci-send-facts">
        {[
          form.draft.name,
          form.draft.vmSize,
          pricePerHour(form.vmSize?.price, trans)
        ]
          .filter(each => each !== '')
          .join(' · ')}
      </p>
      <div className="jp-ci-buttons">
        <ActionButton primary whyNot={why} onClick={() => form.create()}>
          {usesExisting ? trans.__('Use existing') : trans.__('Create')}
        </ActionButton>
      </div>
      <p className="jp-ci-hint" aria-live="polite">
        {usesExisting
          ? trans.__('It is there already: nothing is created or changed.')
          : why}{' '}
        {why !== null && first !== undefined && (
          <button
            type="button"
            className="jp-ci-link"
            onClick={() => {
              props.onGo(first.field);
            }}
          >
            {trans.__('Go to the first')}
          </button>
        )}
      </p>
    </div>
  );
}
