/**
 * The sections of the form beside it, with what is wrong in each.
 */
import React from 'react';

import { useTranslation } from '../panel/translation';
import { SECTIONS, sectionOf } from './sections';
import type { Section } from './sections';
import { useSpec } from './specContext';
import { sectionLabel, sectionValue } from './words';

/** The outline. */
export function Outline(props: {
  readonly onGo: (section: Section) => void;
}): React.JSX.Element {
  const { form, problems } = useSpec();
  const trans = useTranslation();
  return (
    <nav
      className="jp-ci-steps-nav jp-ci-outline"
      aria-label={trans.__('Sections')}
    >
      <ol>
        {SECTIONS.map(section => {
          const value = sectionValue(section, form.draft, trans);
          const wrong = problems.filter(
            ({ field, severity }) =>
              severity === 'error' && sectionOf(field) === section
          ).length;
          return (
            <li key={section}>
              <button
                type="button"
                onClick={() => {
                  props.onGo(section);
                }}
              >
                <span className="jp-ci-lines">
                  <span className="jp-ci-step-name">
                    {sectionLabel(section, trans)}
                    {wrong > 0 && (
                      <span className="jp-ci-wrong">
                        {trans._n('%1 problem', '%1 problems', wrong)}
                      </span>
                    )}
                  </span>
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
