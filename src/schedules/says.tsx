/**
 * What the server has to say of a field: the worst of it, and what can be done.
 */
import React from 'react';

import type { SpecProblem } from '../api/types';
import { problemsAt } from '../model/specs';

/** The first problem at one of these paths in words: an error, or a doubt; both null where all is well. */
export function saidOf(
  problems: readonly SpecProblem[],
  ...paths: readonly string[]
): { readonly problem: string | null; readonly doubt: string | null } {
  const [worst] = paths.flatMap(path => problemsAt(problems, path));
  const text =
    worst === undefined
      ? null
      : [worst.message, worst.hint].filter(each => each !== null).join(' ');
  return worst?.severity === 'warning'
    ? { problem: null, doubt: text }
    : { problem: text, doubt: null };
}

/** What is to say below fields that have no place of their own for it. */
export function Says(props: {
  readonly id?: string;
  readonly problem: string | null;
  readonly hint?: string | null;
}): React.JSX.Element {
  const { id, problem, hint } = props;
  return (
    <div id={id} className="jp-ci-says" aria-live="polite">
      {problem === null ? hint : <span className="jp-mod-bad">{problem}</span>}
    </div>
  );
}
