/**
 * What is wrong with fields that have no place of their own for it.
 */
import React from 'react';

import { saidOf, Says } from '../schedules/says';
import { useSpec } from './specContext';

/** What is wrong with one field, and with what is in it; nothing where all is well. */
export function ProblemSays(props: {
  readonly field: string;
}): React.JSX.Element | null {
  const { problem, doubt } = saidOf(useSpec().problems, props.field);
  return problem === null && doubt === null ? null : (
    <Says problem={problem} hint={doubt} />
  );
}
