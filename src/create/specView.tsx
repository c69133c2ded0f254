/**
 * The page "New compute instance": an outline, one scrolling form, and a summary that stays in sight.
 */
import type { CommandRegistry } from '@lumino/commands';
import React, { useEffect, useRef, useState } from 'react';

import type { SpecProblem } from '../api/types';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { AdvancedSection } from './advancedSection';
import { ApplicationsSection } from './applicationsSection';
import { AssignedSection } from './assignedSection';
import { BasicsSection } from './basicsSection';
import { DataSection } from './dataSection';
import { IdentitySection } from './identitySection';
import { MadeView } from './madeView';
import { NetworkSection } from './networkSection';
import { Outline } from './outline';
import { goToField, goToSection } from './places';
import { SchedulesSection } from './schedulesSection';
import { ScriptsSection } from './scriptsSection';
import { SECTIONS, sectionOf } from './sections';
import type { Section } from './sections';
import { SizePicker } from './sizePicker';
import { SpecProvider, useSpec } from './specContext';
import type { IScriptEditors, IServerFiles } from './specContext';
import type { SpecForm } from './specForm';
import { SshSection } from './sshSection';
import { Summary } from './summary';
import { TemplateBar } from './templateBar';
import { problemOfFault, sectionLabel, sectionValue } from './words';

/** The page. */
export function SpecView(props: {
  readonly form: SpecForm;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
  readonly files: IServerFiles;
  readonly editors: IScriptEditors | null;
  /** Close the page. */
  readonly onDone: () => void;
}): React.JSX.Element {
  const { form, manager, commands, files, editors, onDone } = props;
  const trans = useTranslation();
  useModel(form.changed, () => form.revision);
  const page = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<ReadonlySet<Section>>(new Set());
  const [visited, setVisited] = useState<ReadonlySet<Section>>(new Set());
  const toggle = (section: Section, isOpen: boolean): void => {
    setOpened(before => {
      const after = new Set(before);
      if (isOpen) {
        after.add(section);
      } else {
        after.delete(section);
      }
      return after;
    });
    if (isOpen) {
      setVisited(before => new Set([...before, section]));
    }
  };
  /** Where to lead a person once it is drawn. */
  const [goal, setGoal] = useState<((host: HTMLElement) => void) | null>(null);
  useEffect(() => {
    if (goal !== null && page.current !== null) {
      goal(page.current);
      setGoal(null);
    }
  }, [goal]);
  const reveal = (
    section: Section | null,
    go: (host: HTMLElement) => void
  ): void => {
    if (section !== null) {
      toggle(section, true);
    }
    setGoal(() => go);
  };
  const problems = inOrder([
    ...form.faults.map(each => problemOfFault(each, trans)),
    ...form.problems
  ]);
  return (
    <SpecProvider value={{ form, manager, commands, files, editors, problems }}>
      {form.operationId === null ? (
        <div ref={page} className="jp-ci-spec-page">
          <Outline
            onGo={section => {
              reveal(section, host => {
                goToSection(host, section);
              });
            }}
          />
          <div className="jp-ci-spec-form">
            <h2>{trans.__('New compute instance')}</h2>
            <TemplateBar />
            {SECTIONS.map(section => (
              <SectionView
                key={section}
                section={section}
                isOpen={opened.has(section)}
                isVisited={visited.has(section)}
                onToggle={isOpen => {
                  toggle(section, isOpen);
                }}
              />
            ))}
          </div>
          <Summary
            onGo={field => {
              reveal(sectionOf(field), host => {
                goToField(host, field);
              });
            }}
          />
        </div>
      ) : (
        <MadeView onDone={onDone} />
      )}
    </SpecProvider>
  );
}

/** As the form is read, from top to bottom. */
function inOrder(problems: readonly SpecProblem[]): readonly SpecProblem[] {
  const place = ({ field }: SpecProblem): number => {
    const section = sectionOf(field);
    return section === null ? SECTIONS.length : SECTIONS.indexOf(section);
  };
  return [...problems].sort((a, b) => place(a) - place(b));
}

/** Name and size are always open; all else is folded, with what it comes to in its title. */
function SectionView(props: {
  readonly section: Section;
  readonly isOpen: boolean;
  /** Whether it was ever open: what it shows is asked for no sooner, and stays. */
  readonly isVisited: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}): React.JSX.Element | null {
  const { section, isOpen, isVisited, onToggle } = props;
  const { form, problems } = useSpec();
  const trans = useTranslation();
  const label = sectionLabel(section, trans);
  if (section === 'basics' || section === 'size') {
    // An instance that is there already has its size.
    return section === 'size' && form.usesExisting ? null : (
      <section
        className="jp-ci-spec-section"
        data-spec-section={section}
        aria-label={label}
      >
        <h3>{label}</h3>
        <SectionBody section={section} />
      </section>
    );
  }
  const wrong = problems.filter(
    ({ field, severity }) =>
      severity === 'error' && sectionOf(field) === section
  ).length;
  return (
    <details
      className="jp-ci-fold jp-ci-spec-section"
      data-spec-section={section}
      open={isOpen}
      onToggle={event => {
        // The folds inside tell of themselves here, too.
        if (event.target === event.currentTarget) {
          onToggle(event.currentTarget.open);
        }
      }}
    >
      <summary>
        <h3>{label}</h3>{' '}
        <span className="jp-ci-second">
          {sectionValue(section, form.draft, trans)}
        </span>{' '}
        {wrong > 0 && (
          <span className="jp-ci-wrong">
            {trans._n('%1 problem', '%1 problems', wrong)}
          </span>
        )}
      </summary>
      <div className="jp-ci-fields">
        {isVisited && <SectionBody section={section} />}
      </div>
    </details>
  );
}

function SectionBody(props: { readonly section: Section }): React.JSX.Element {
  switch (props.section) {
    case 'basics':
      return <BasicsSection />;
    case 'size':
      return <SizePicker />;
    case 'scripts':
      return <ScriptsSection />;
    case 'schedules':
      return <SchedulesSection />;
    case 'ssh':
      return <SshSection />;
    case 'network':
      return <NetworkSection />;
    case 'assigned':
      return <AssignedSection />;
    case 'identity':
      return <IdentitySection />;
    case 'applications':
      return <ApplicationsSection />;
    case 'data':
      return <DataSection />;
    case 'advanced':
      return <AdvancedSection />;
  }
}
