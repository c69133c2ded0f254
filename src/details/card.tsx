/**
 * A card of the page about an instance: a title, and what belongs together below it.
 */
import React from 'react';

/** The card. */
export function Card(props: {
  readonly title: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  return (
    <section className="jp-ci-card">
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}
