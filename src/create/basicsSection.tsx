/**
 * What the instance is called, with a suggestion, and what is noted of it.
 */
import React from 'react';

import { NameField } from './nameField';
import { suggestedName } from './nameSuggestion';
import { SpecArea, FieldPlace } from './fields';
import { PairList } from './pairs';
import { useSpec } from './specContext';
import { useTranslation } from '../panel/translation';
import { ProblemSays } from './problemSays';

/** The section. */
export function BasicsSection(): React.JSX.Element {
  const { form, manager } = useSpec();
  const trans = useTranslation();
  const { draft, nameState } = form;
  return (
    <div className="jp-ci-fields">
      <FieldPlace field="name">
        <NameField
          name={draft.name}
          state={nameState}
          refused={null}
          instances={manager.instances}
          readOnly={form.isLocked('name')}
          onChange={name => {
            form.choose({ name });
          }}
        />
        <ProblemSays field="name" />
        <Suggestion />
      </FieldPlace>
      <SpecArea
        field="description"
        label={trans.__('Description')}
        rows={2}
        value={draft.description}
        onChange={description => {
          form.choose({ description });
        }}
      />
      <h4>{trans.__('Tags')}</h4>
      <PairList
        field="tags"
        label={trans.__('Tag')}
        addLabel={trans.__('Add a tag')}
        namePlaceholder="project"
        valuePlaceholder="forecast"
        pairs={draft.tags}
        onChange={tags => {
          form.choose({ tags });
        }}
      />
    </div>
  );
}

/** A name to take, while there is none. */
function Suggestion(): React.JSX.Element | null {
  const { form, manager } = useSpec();
  const trans = useTranslation();
  const { state } = manager.workspace;
  if (form.draft.name !== '' || form.isLocked('name')) {
    return null;
  }
  const identity = state.status === 'known' ? state.value.identity : null;
  const name = suggestedName(
    identity?.name ?? null,
    each => manager.instances.find(each) !== null
  );
  return (
    <button
      type="button"
      className="jp-ci-link"
      onClick={() => {
        form.choose({ name });
      }}
    >
      {trans.__('Use %1', name)}
    </button>
  );
}
