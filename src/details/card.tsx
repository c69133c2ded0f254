/**
 * A card of the page about an instance: a title, and what belongs together below it.
 */
import React, { useId } from 'react';

import { CopyButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';

/** The card. */
export function Card(props: {
  readonly title: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const { title, children } = props;
  const id = useId();
  return (
    <section className="jp-ci-card" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

/** A term and what is known of it, in a list of such. */
export function Fact(props: {
  readonly term: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const trans = useTranslation();
  const { term, children } = props;
  const unknown =
    children === null || children === undefined || children === false;
  return (
    <>
      <dt>{term}</dt>
      <dd>{unknown ? trans.__('unknown') : children}</dd>
    </>
  );
}

/** A text that is needed elsewhere, with a button that copies it. */
export function Copyable(props: {
  readonly text: string;
  /** What is copied, for screen readers. */
  readonly what: string;
  /** What is shown, where the text itself is too long. */
  readonly short?: string;
}): React.JSX.Element {
  const { text, what, short } = props;
  return (
    <span className="jp-ci-copyable">
      <code title={text}>{short ?? text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}
