/**
 * The setup scripts: where each comes from, with what it is called, and what it would trip over.
 */
import React, { useRef } from 'react';

import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import { PHASES } from './draft';
import type { IScriptDraft, Phase } from './draft';
import { DryRun } from './dryRun';
import { SpecChoice, SpecText } from './fields';
import { InlineSources } from './inlineSources';
import { ProblemSays } from './problemSays';
import { SaveToShare } from './saveToShare';
import { ScriptEditor } from './scriptEditor';
import { ScriptFindings } from './scriptFindings';
import { SharePath } from './sharePath';
import { useSpec } from './specContext';
import { phaseHint, phaseLabel } from './words';

/** The section. */
export function ScriptsSection(): React.JSX.Element {
  return (
    <>
      {PHASES.map(phase => (
        <ScriptFields key={phase} phase={phase} />
      ))}
    </>
  );
}

function ScriptFields(props: { readonly phase: Phase }): React.JSX.Element {
  const { phase } = props;
  const { form } = useSpec();
  const trans = useTranslation();
  const script = form.draft.scripts[phase];
  const trial = form.trials[phase];
  useModel(trial.changed, () => trial.revision);
  const field = `setup_scripts.${phase}`;
  const isLocked = form.isPartlyLocked(field);
  return (
    <section className="jp-ci-fields" aria-label={phaseLabel(phase, trans)}>
      <h4>{phaseLabel(phase, trans)}</h4>
      <SpecChoice<IScriptDraft['source']>
        field={field}
        label={trans.__('Where it is')}
        value={script.source}
        choices={[
          ['none', trans.__('No script')],
          ['workspaceStorage', trans.__('A file of the notebook share')],
          ['inline', trans.__('Written here, sent along')]
        ]}
        hint={phaseHint(phase, trans)}
        onChange={source => {
          form.chooseScript(phase, { source });
        }}
      />
      {script.source === 'workspaceStorage' && <SharePath phase={phase} />}
      {script.source === 'inline' && (
        <Inline phase={phase} isLocked={isLocked} />
      )}
      {script.source !== 'none' && (
        <>
          {script.source === 'workspaceStorage' && (
            <ScriptFindings trial={trial} onLine={null} />
          )}
          <div className="jp-ci-beside">
            <SpecText
              field={`${field}.arguments`}
              label={trans.__('Arguments')}
              hint={trans.__('$1, $2 … of the script, parted by spaces.')}
              value={script.arguments}
              onChange={value => {
                form.chooseScript(phase, { arguments: value });
              }}
            />
            <SpecText
              field={`${field}.timeout_minutes`}
              label={trans.__('Timeout in minutes')}
              placeholder="15"
              hint={trans.__('Azure ends it then, and setting up has failed.')}
              value={script.timeout}
              onChange={timeout => {
                form.chooseScript(phase, { timeout });
              }}
            />
          </div>
          <DryRun trial={trial} />
        </>
      )}
    </section>
  );
}

function Inline(props: {
  readonly phase: Phase;
  readonly isLocked: boolean;
}): React.JSX.Element {
  const { phase, isLocked } = props;
  const { form } = useSpec();
  const trans = useTranslation();
  const goTo = useRef<((line: number) => void) | null>(null);
  const script = form.draft.scripts[phase];
  const trial = form.trials[phase];
  const field = `setup_scripts.${phase}.data`;
  return (
    <div className="jp-ci-field" data-spec-field={field}>
      {!isLocked && <InlineSources phase={phase} />}
      <ScriptEditor
        label={trans.__('Text of the script')}
        text={script.text}
        findings={trial.lint?.findings}
        readOnly={isLocked}
        goTo={goTo}
        onChange={text => {
          form.chooseScript(phase, { text });
        }}
      />
      <ProblemSays field={field} />
      <ScriptFindings
        trial={trial}
        onLine={line => {
          goTo.current?.(line);
        }}
      />
      {!isLocked && script.text !== '' && <SaveToShare phase={phase} />}
    </div>
  );
}
