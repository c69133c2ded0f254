/**
 * The VM size of a new instance: a list that is searched by typing.
 */
import React, { useEffect, useId, useRef, useState } from 'react';

import type { VmSize } from '../api/types';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { ISizesModel } from '../tokens';
import { priceOrigin, pricePerHour } from '../words';
import type { CreateForm } from './createForm';
import { Refused } from './nameField';
import { matchingSizes } from './sizeChoice';
import { SizeOption } from './sizeOption';

/** The field: what is chosen, and the list to choose from. */
export function SizeField(props: {
  readonly form: CreateForm;
  readonly sizes: ISizesModel;
}): React.JSX.Element {
  const { form, sizes } = props;
  const trans = useTranslation();
  const state = useModel(sizes.changed, () => sizes.state);
  const refusal = useModel(form.changed, () => form.refusal);
  const id = useId();
  return (
    <div className="jp-ci-field">
      <label htmlFor={`${id}-search`}>{trans.__('VM size')}</label>
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
      {state.status === 'ready' && (
        <ChosenSize id={id} form={form} items={state.value.items} />
      )}
      {refusal?.field === 'size' && (
        <div className="jp-ci-says" role="alert">
          <Refused error={explain(refusal.failure, trans)} />
        </div>
      )}
    </div>
  );
}

function ChosenSize(props: {
  readonly id: string;
  readonly form: CreateForm;
  readonly items: readonly VmSize[];
}): React.JSX.Element {
  const { id, form, items } = props;
  const chosen = useModel(form.changed, () => form.size);
  return (
    <SizeList
      id={id}
      items={items}
      chosen={chosen}
      onChoose={size => {
        form.size = size;
      }}
    />
  );
}

/** The field that is searched in, the list, and what is chosen of it. */
export function SizeList(props: {
  /** The field's is this with `-search`. */
  readonly id: string;
  readonly items: readonly VmSize[];
  readonly chosen: VmSize | null;
  readonly onChoose: (size: VmSize) => void;
}): React.JSX.Element {
  const { id, items, chosen, onChoose } = props;
  const trans = useTranslation();
  const [query, setQuery] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const shown = matchingSizes(items, query);
  const active = shown.findIndex(size => size.name === chosen?.name);
  const optionId = (index: number): string => `${id}-option-${index}`;

  useEffect(() => {
    const option = list.current?.querySelector<HTMLElement>(
      '[aria-selected=true]'
    );
    if (option !== null && option !== undefined && list.current !== null) {
      reveal(option, list.current);
    }
  }, [chosen, query]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined || shown.length === 0) {
      return;
    }
    event.preventDefault();
    const from = active < 0 && step < 0 ? 0 : active;
    const next = Math.min(Math.max(0, from + step), shown.length - 1);
    const size = shown[next];
    if (size !== undefined) {
      onChoose(size);
    }
  };

  return (
    <>
      <input
        id={`${id}-search`}
        type="text"
        role="combobox"
        className="jp-mod-styled"
        autoComplete="off"
        spellCheck={false}
        placeholder={trans.__('Search, such as “4 cores” or “gpu”')}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={active < 0 ? undefined : optionId(active)}
        value={query}
        onChange={event => {
          setQuery(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={trans.__('VM sizes')}
        className="jp-ci-sizes"
      >
        {shown.map((size, index) => (
          <SizeOption
            key={size.name}
            id={optionId(index)}
            size={size}
            selected={index === active}
            onSelect={() => {
              onChoose(size);
            }}
          />
        ))}
        {shown.length === 0 && (
          <p className="jp-ci-hint">
            {trans.__('No VM size of this region has all of these words.')}
          </p>
        )}
      </div>
      <Choice size={chosen} />
    </>
  );
}

/** Scroll a list, and nothing around it, until one of its options is in sight. */
function reveal(option: HTMLElement, list: HTMLElement): void {
  const inside = option.getBoundingClientRect();
  const outside = list.getBoundingClientRect();
  list.scrollTop +=
    Math.min(0, inside.top - outside.top) +
    Math.max(0, inside.bottom - outside.bottom);
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 5,
  PageUp: -5
};

/** What is chosen, also while the search hides it. */
function Choice(props: { readonly size: VmSize | null }): React.JSX.Element {
  const { size } = props;
  const trans = useTranslation();
  if (size === null) {
    return <div className="jp-ci-says">{trans.__('Choose a VM size.')}</div>;
  }
  return (
    <div className="jp-ci-says" aria-live="polite">
      {size.creatable ? (
        <span title={priceOrigin(size.price, trans)}>
          {size.price === null
            ? trans.__('Chosen: %1, price unknown', size.name)
            : trans.__(
                'Chosen: %1, about %2 while it runs (estimate)',
                size.name,
                pricePerHour(size.price, trans)
              )}
        </span>
      ) : (
        <span className="jp-mod-bad">
          {trans.__(
            '%1 cannot be created: %2',
            size.name,
            size.reason ?? trans.__('its quota does not allow it.')
          )}
        </span>
      )}
    </div>
  );
}
