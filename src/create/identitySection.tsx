/**
 * The managed identity that code on the instance can sign in with.
 */
import React, { useCallback } from 'react';

import type { IRequestOptions } from '../api/requests';
import { explain } from '../failure';
import { useTranslation } from '../panel/translation';
import { SpecList, SpecSwitch } from './fields';
import { ProblemSays } from './problemSays';
import { useSpec } from './specContext';
import { useChoices } from './useChoices';

/** The section. */
export function IdentitySection(): React.JSX.Element {
  const { form, manager } = useSpec();
  const { specs } = manager.client;
  const trans = useTranslation();
  const ask = useCallback(
    (options: IRequestOptions) => specs.managedIdentities(options),
    [specs]
  );
  const { value, failure } = useChoices(ask);
  const why =
    failure === null ? (value?.error ?? null) : explain(failure, trans);
  const { systemIdentity, userIdentities } = form.draft;
  const known = value?.items ?? [];
  const isLocked = form.isLocked('identity.user_assigned');
  const choose = (ids: readonly string[]): void => {
    form.choose({ userIdentities: ids });
  };
  return (
    <>
      <SpecSwitch
        field="identity.system_assigned"
        label={trans.__('System-assigned identity')}
        hint={trans.__('Made for this instance, and deleted with it.')}
        value={systemIdentity}
        onChange={value => {
          form.choose({ systemIdentity: value });
        }}
      />
      {known.length > 0 && (
        <fieldset className="jp-ci-list" disabled={isLocked}>
          <legend>{trans.__('User-assigned identities')}</legend>
          {known.map(each => (
            <label key={each.id} className="jp-ci-check" title={each.id}>
              <input
                type="checkbox"
                checked={userIdentities.includes(each.id)}
                onChange={event => {
                  choose(
                    event.target.checked
                      ? [...userIdentities, each.id]
                      : userIdentities.filter(id => id !== each.id)
                  );
                }}
              />
              {each.name}{' '}
              <span className="jp-ci-hint">{each.resource_group}</span>
            </label>
          ))}
        </fieldset>
      )}
      {why !== null && (
        <p className="jp-ci-hint" role="status">
          {trans.__(
            'The identities cannot be listed: %1 Ids can be given all the same.',
            why.message
          )}
        </p>
      )}
      <SpecList<string>
        field="identity.user_assigned"
        label={trans.__('User-assigned identities')}
        items={userIdentities.filter(id => !known.some(each => each.id === id))}
        empty=""
        addLabel={trans.__('Add a user-assigned identity by its id')}
        removeLabel={index => trans.__('Remove identity %1', index + 1)}
        onChange={ids => {
          choose([
            ...userIdentities.filter(id => known.some(each => each.id === id)),
            ...ids
          ]);
        }}
      >
        {(id, index, change) => (
          <input
            type="text"
            className="jp-mod-styled"
            autoComplete="off"
            spellCheck={false}
            aria-label={trans.__('Id of identity %1', index + 1)}
            placeholder="/subscriptions/…/userAssignedIdentities/…"
            value={id}
            onChange={event => {
              change(event.target.value);
            }}
          />
        )}
      </SpecList>
      {userIdentities.map((_, index) => (
        <ProblemSays key={index} field={`identity.user_assigned.${index}`} />
      ))}
      <ProblemSays field="identity" />
    </>
  );
}
