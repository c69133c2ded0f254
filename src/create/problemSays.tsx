/**
 * What is wrong with fields, all of it at once.
 */
import React from 'react';

import type { SpecProblem } from '../api/types';
import { Says } from '../schedules/says';
import { useSpec } from './specContext';

/** All errors of one field in words, else all doubts; both null where all is well. */
export function allSaidOf(
  problems: readonly SpecProblem[],
  field: string
): { readonly problem: string | null; readonly doubt: string | null } {
  const here = problems.filter(each => each.field === field);
  const texts = (severity: SpecProblem['severity']): string | null =>
    here
      .filter(each => each.severity === severity)
      .flatMap(({ hint, message }) => [message, hint])
      .filter(each => each !== null && each !== '')
      .join(' ') || null;
  const problem = texts('error');
  return { problem, doubt: problem === null ? texts('warning') : null };
}

/** What is wrong with a field that has no place of its own for it; nothing where all is well. */
export function ProblemSays(props: {
  readonly field: string;
}): React.JSX.Element | null {
  const { problem, doubt } = allSaidOf(useSpec().problems, props.field);
  return problem === null && doubt === null ? null : (
    <Says problem={problem} hint={doubt} />
  );
}
