/**
 * The box that filters the list while one types.
 */
import { InputGroup } from '@jupyterlab/ui-components';
import React from 'react';

import type { Listing } from '../model/listing';
import { useModel } from './hooks';
import { useTranslation } from './translation';

/** Filters by name, state, size and owner; Escape clears it. */
export function ListFilter(props: {
  readonly listing: Listing;
}): React.JSX.Element {
  const { listing } = props;
  const trans = useTranslation();
  const query = useModel(listing.changed, () => listing.query);
  return (
    <InputGroup
      type="text"
      className="jp-ci-filter"
      rightIcon="ui-components:search"
      placeholder={trans.__('Filter')}
      aria-label={trans.__('Filter by name, state, size or owner')}
      title={trans.__('Filter by name, state, size or owner')}
      value={query}
      onChange={event => {
        listing.query = event.target.value;
      }}
      onKeyDown={event => {
        if (event.key === 'Escape' && query !== '') {
          event.stopPropagation();
          listing.query = '';
        }
      }}
    />
  );
}
