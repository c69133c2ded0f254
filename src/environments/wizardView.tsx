/**
 * The page "New environment": the steps with their values on one side, the step on the other.
 */
import { checkIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import React, { useEffect, useRef } from 'react';

import { ActionButton } from '../panel/buttons';
import { Glyph } from '../panel/glyph';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { STEPS, titleOf } from './draft';
import type { Step } from './draft';
import { EngineNote } from './engineNote';
import { KernelStep } from './kernelStep';
import { MakingView } from './makingView';
import { PackagesStep } from './packagesStep';
import { PlaceStep } from './placeStep';
import { ReviewStep } from './reviewStep';
import { SourceStep } from './sourceStep';
import type { Wizard } from './wizard';
import { problemText, stepLabel, stepValue } from './words';

interface IWizardProps {
  readonly wizard: Wizard;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
  readonly onDone: () => void;
}

/** The page. */
export function WizardView(props: IWizardProps): React.JSX.Element {
  const { wizard, manager } = props;
  const trans = useTranslation();
  useModel(wizard.changed, () => wizard.revision);
  const title = useRef<HTMLHeadingElement>(null);
  const shown = wizard.operationId === null ? wizard.step : 'making';
  const before = useRef(shown);
  useEffect(() => {
    // Who went on with the keyboard, or hears the page, begins the step at its beginning.
    if (before.current !== shown) {
      before.current = shown;
      title.current?.focus();
    }
  }, [shown]);
  const step = shown === 'making' ? null : shown;
  return (
    <div className="jp-ci-wizard">
      <StepList wizard={wizard} />
      <section className="jp-ci-wizard-step">
        <h2 ref={title} tabIndex={-1}>
          {step === null
            ? trans.__('Create %1', titleOf(wizard.draft))
            : stepLabel(step, trans)}
        </h2>
        {step === null ? (
          <MakingView {...props} />
        ) : (
          <form
            onSubmit={event => {
              // The page stays; what goes on is the button that Enter presses.
              event.preventDefault();
            }}
          >
            <EngineNote environments={manager.environments} />
            <StepBody {...props} step={step} />
            <Ways wizard={wizard} step={step} />
          </form>
        )}
      </section>
    </div>
  );
}

function StepBody(
  props: IWizardProps & { readonly step: Step }
): React.JSX.Element {
  const { wizard, manager, commands, step } = props;
  switch (step) {
    case 'source':
      return <SourceStep wizard={wizard} client={manager.client} />;
    case 'place':
      return <PlaceStep wizard={wizard} />;
    case 'packages':
      return <PackagesStep wizard={wizard} client={manager.client} />;
    case 'kernel':
      return <KernelStep wizard={wizard} />;
    case 'review':
      return <ReviewStep wizard={wizard} commands={commands} />;
  }
}

/** The steps with what was chosen; each leads there as soon as those before it are complete. */
function StepList({ wizard }: { readonly wizard: Wizard }): React.JSX.Element {
  const { draft, list, operationId, reach, step } = wizard;
  const trans = useTranslation();
  return (
    <nav className="jp-ci-steps-nav" aria-label={trans.__('Steps')}>
      <ol>
        {STEPS.map((each, index) => {
          const isCurrent = operationId === null && each === step;
          const isDone = operationId !== null || index < STEPS.indexOf(step);
          const isReachable =
            operationId === null && index <= STEPS.indexOf(reach);
          const value = stepValue(each, draft, list?.items ?? [], trans);
          return (
            <li key={each}>
              <button
                type="button"
                aria-current={isCurrent ? 'step' : undefined}
                aria-disabled={!isReachable}
                onClick={() => {
                  if (isReachable) {
                    wizard.go(each);
                  }
                }}
              >
                <span className="jp-ci-step-number" aria-hidden>
                  {isDone ? <Glyph icon={checkIcon} /> : index + 1}
                </span>
                <span className="jp-ci-lines">
                  <span className="jp-ci-step-name">
                    {stepLabel(each, trans)}
                  </span>
                  {/* Always there, so that nothing jumps while it is filled in. */}
                  <span className="jp-ci-second" title={value}>
                    {value === '' ? '\u00a0' : value}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** Back, and on. */
function Ways(props: {
  readonly wizard: Wizard;
  readonly step: Step;
}): React.JSX.Element {
  const { wizard, step } = props;
  const { planning } = wizard;
  const trans = useTranslation();
  const plan = useModel(planning.changed, () => planning.state);
  const problem = wizard.problems.find(each => each.step === step);
  const whyNot = problem === undefined ? null : problemText(problem, trans);
  return (
    <div className="jp-ci-buttons jp-ci-ways">
      {step !== 'source' && (
        <ActionButton
          onClick={() => {
            wizard.move(-1);
          }}
        >
          {trans.__('Back')}
        </ActionButton>
      )}
      {step === 'review' ? (
        <ActionButton
          primary
          whyNot={
            wizard.isSubmitting
              ? trans.__('It is about to begin.')
              : plan.status === 'solving'
                ? trans.__('It is still being worked out.')
                : plan.status !== 'ready'
                  ? trans.__('It cannot be made like this.')
                  : !plan.plan.fits
                    ? trans.__('It does not fit on the disk.')
                    : null
          }
          onClick={() => wizard.create()}
        >
          {trans.__('Create')}
        </ActionButton>
      ) : (
        <ActionButton
          primary
          onEnter
          whyNot={whyNot}
          onClick={() => {
            wizard.move(1);
          }}
        >
          {trans.__('Continue')}
        </ActionButton>
      )}
      {whyNot !== null && <span className="jp-ci-hint">{whyNot}</span>}
    </div>
  );
}
