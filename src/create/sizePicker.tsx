/**
 * The VM size in the full form: filters, what was used last, quota of the region, and the list.
 */
import React, { useEffect, useId, useState } from 'react';

import { RequestError } from '../api/errors';
import type { CiManagerClient } from '../api/client';
import type { Quota, VmSize } from '../api/types';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { sizeSummary } from '../words';
import { FieldPlace, lockedText } from './fields';
import { ProblemSays } from './problemSays';
import { ALL_SIZES, filteredSizes, recentSizes } from './sizeChoice';
import { SizeFilters } from './sizeFilters';
import { SizeList } from './sizeField';
import { useSpec } from './specContext';

/** Where Microsoft says how more cores are asked for. */
const QUOTA_PAGE =
  'https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas';

/** The picker. */
export function SizePicker(): React.JSX.Element {
  const { form, manager } = useSpec();
  const { sizes } = manager;
  const trans = useTranslation();
  const state = useModel(sizes.changed, () => sizes.state);
  const isLocked = form.isLocked('vm_size');
  return (
    <FieldPlace field="vm_size">
      <p className="jp-ci-hint">
        {trans.__(
          'The size cannot be changed later, except where Azure offers its preview of resizing: choose what the work needs.'
        )}
      </p>
      {state.status === 'loading' && (
        <p role="status" className="jp-ci-late">
          {trans.__('Loading VM sizes…')}
        </p>
      )}
      {state.status === 'failed' && (
        <Problem error={explain(state.failure, trans)}>
          <ActionButton onClick={() => sizes.refresh({ force: true })}>
            {trans.__('Retry')}
          </ActionButton>
        </Problem>
      )}
      {state.status === 'ready' &&
        (isLocked ? (
          <p>
            <strong>{form.draft.vmSize}</strong> {lockedText(trans)}
          </p>
        ) : (
          <Sizes items={state.value.items} />
        ))}
      <ProblemSays field="vm_size" />
    </FieldPlace>
  );
}

function Sizes(props: {
  readonly items: readonly VmSize[];
}): React.JSX.Element {
  const { form, manager } = useSpec();
  const trans = useTranslation();
  const id = useId();
  const [filter, setFilter] = useState(ALL_SIZES);
  const region = useRegionalQuota(manager.client);
  const { state } = manager.instances;
  const recent = recentSizes(
    props.items,
    manager.preferences.values.lastVmSize,
    state.status === 'ready' ? state.items : []
  );
  const choose = (size: VmSize): void => {
    form.choose({ vmSize: size.name });
  };
  return (
    <div className="jp-ci-field">
      <SizeFilters filter={filter} onChange={setFilter} />
      {recent.length > 0 && (
        <div className="jp-ci-recent">
          <span className="jp-ci-hint">{trans.__('Used last:')}</span>
          {recent.map(size => (
            <button
              key={size.name}
              type="button"
              className="jp-ci-link"
              aria-pressed={size.name === form.draft.vmSize}
              title={sizeSummary(size, trans)}
              onClick={() => {
                choose(size);
              }}
            >
              {size.name}
            </button>
          ))}
        </div>
      )}
      <label className="jp-ci-hidden-text" htmlFor={`${id}-search`}>
        {trans.__('VM size')}
      </label>
      <SizeList
        id={id}
        items={filteredSizes(props.items, filter)}
        chosen={form.vmSize}
        onChoose={choose}
      />
      <QuotaNote region={region} size={form.vmSize} />
    </div>
  );
}

/** How many cores are left, and how to get more. */
function QuotaNote(props: {
  readonly region: Quota | null | string;
  readonly size: VmSize | null;
}): React.JSX.Element {
  const { region, size } = props;
  const trans = useTranslation();
  return (
    <p className="jp-ci-hint">
      {typeof region === 'string'
        ? trans.__('Quota of the region unknown: %1', region)
        : region !== null &&
          trans.__(
            'In the region %1 of %2 cores are left. Stopped instances keep theirs.',
            region.remaining,
            region.limit
          )}{' '}
      {size?.creatable === false && (
        <a href={QUOTA_PAGE} target="_blank" rel="noreferrer">
          {trans.__('Ask Microsoft for more quota of %1', size.family)}
        </a>
      )}
    </p>
  );
}

/** The quota of the region; null before it is known and where there is none, a text says why not. */
function useRegionalQuota(client: CiManagerClient): Quota | null | string {
  const trans = useTranslation();
  const [quota, setQuota] = useState<Quota | null | string>(null);
  useEffect(() => {
    const controller = new AbortController();
    const ask = async (): Promise<void> => {
      let answer: Quota | null | string;
      try {
        const { regional } = await client.quota({ signal: controller.signal });
        answer = regional;
      } catch (reason) {
        answer = explain(RequestError.failureOf(reason), trans).message;
      }
      if (!controller.signal.aborted) {
        setQuota(answer);
      }
    };
    void ask();
    return () => {
      controller.abort();
    };
  }, [client, trans]);
  return quota;
}
