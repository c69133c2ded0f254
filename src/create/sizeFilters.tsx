/**
 * Which VM sizes to list: with or without GPUs, how many cores, how much memory, at which price.
 */
import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { useId } from 'react';

import { useTranslation } from '../panel/translation';
import { ALL_SIZES } from './sizeChoice';
import type { ISizeFilter } from './sizeChoice';

/** The filters, in one row. */
export function SizeFilters(props: {
  readonly filter: ISizeFilter;
  readonly onChange: (filter: ISizeFilter) => void;
}): React.JSX.Element {
  const { filter, onChange } = props;
  const trans = useTranslation();
  const change = (part: Partial<ISizeFilter>): void => {
    onChange({ ...filter, ...part });
  };
  const isFiltered = Object.entries(ALL_SIZES).some(
    ([key, value]) => filter[key as keyof ISizeFilter] !== value
  );
  return (
    <div
      className="jp-ci-filters"
      role="group"
      aria-label={trans.__('Filters of VM sizes')}
    >
      <Labelled label={trans.__('Processor')}>
        {id => (
          <HTMLSelect
            id={id}
            className="jp-ci-select"
            value={filter.kind}
            onChange={event => {
              // The options are made from the kinds.
              change({ kind: event.target.value as ISizeFilter['kind'] });
            }}
            options={[
              { value: 'any', label: trans.__('CPU or GPU') },
              { value: 'cpu', label: trans.__('CPU only') },
              { value: 'gpu', label: trans.__('With GPU') }
            ]}
          />
        )}
      </Labelled>
      <Limit
        label={trans.__('Cores, at least')}
        value={filter.leastCores}
        onChange={leastCores => {
          change({ leastCores });
        }}
      />
      <Limit
        label={trans.__('GB of RAM, at least')}
        value={filter.leastMemoryGb}
        onChange={leastMemoryGb => {
          change({ leastMemoryGb });
        }}
      />
      <Limit
        label={trans.__('Price per hour, at most')}
        value={filter.mostPerHour}
        onChange={mostPerHour => {
          change({ mostPerHour });
        }}
      />
      <label className="jp-ci-check">
        <input
          type="checkbox"
          checked={filter.onlyCreatable}
          onChange={event => {
            change({ onlyCreatable: event.target.checked });
          }}
        />
        {trans.__('Only with enough quota')}
      </label>
      {isFiltered && (
        <button
          type="button"
          className="jp-ci-link"
          onClick={() => {
            onChange(ALL_SIZES);
          }}
        >
          {trans.__('Show all')}
        </button>
      )}
    </div>
  );
}

function Labelled(props: {
  readonly label: string;
  readonly children: (id: string) => React.ReactNode;
}): React.JSX.Element {
  const id = useId();
  return (
    <div className="jp-ci-filter">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
    </div>
  );
}

function Limit(props: {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}): React.JSX.Element {
  const { label, value, onChange } = props;
  return (
    <Labelled label={label}>
      {id => (
        <input
          id={id}
          type="number"
          min="0"
          step="any"
          className="jp-mod-styled"
          value={value ?? ''}
          onChange={event => {
            const number = event.target.valueAsNumber;
            onChange(number >= 0 ? number : null);
          }}
        />
      )}
    </Labelled>
  );
}
