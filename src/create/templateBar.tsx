/**
 * What the form can begin with, and where it can be kept: templates of the administrator, and files.
 */
import React, { useId, useState } from 'react';

import { ChoiceField } from '../environments/field';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { useSpec } from './specContext';
import { openTemplate, saveTemplate } from './templateFiles';

/** The bar. */
export function TemplateBar(): React.JSX.Element {
  const { files, form, manager } = useSpec();
  const trans = useTranslation();
  const id = useId();
  const [chosen, setChosen] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const { defaults } = form;
  const templates = defaults.status === 'known' ? defaults.value.templates : [];
  const attempt = async (work: () => Promise<string | null>): Promise<void> => {
    setProblem(null);
    setSaved(null);
    try {
      setSaved(await work());
    } catch (reason) {
      // The contents manager, and our own server, say in words why not.
      setProblem(reason instanceof Error ? reason.message : String(reason));
    }
  };
  return (
    <div className="jp-ci-template-bar">
      {defaults.status === 'failed' && (
        <Problem
          title={trans.__('The administrator’s defaults could not be read.')}
          error={explain(defaults.failure, trans)}
        >
          <ActionButton onClick={() => form.readDefaults()}>
            {trans.__('Retry')}
          </ActionButton>
        </Problem>
      )}
      {templates.length > 0 && (
        <ChoiceField
          id={id}
          label={trans.__('Template')}
          value={chosen}
          choices={[
            ['', trans.__('None')],
            ...templates.map(({ title }) => [title, title] as const)
          ]}
          hint={
            templates.find(({ title }) => title === chosen)?.description ?? null
          }
          onChange={title => {
            setChosen(title);
            const template = templates.find(each => each.title === title);
            if (template !== undefined) {
              form.take(template);
            }
          }}
        />
      )}
      <div className="jp-ci-buttons">
        <ActionButton
          onClick={() =>
            attempt(() => openTemplate(form, manager, files, trans))
          }
        >
          {trans.__('Open a template…')}
        </ActionButton>
        <ActionButton
          whyNot={
            form.faults.length > 0
              ? trans.__('Something is not filled in yet.')
              : null
          }
          onClick={() => attempt(() => saveTemplate(form, files, trans))}
        >
          {trans.__('Save as template…')}
        </ActionButton>
      </div>
      <div className="jp-ci-says" aria-live="polite">
        {problem === null ? (
          saved
        ) : (
          <span className="jp-mod-bad">{problem}</span>
        )}
      </div>
    </div>
  );
}
