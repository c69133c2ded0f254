/**
 * A list of tabs, walked with the arrow keys, and the panel of the chosen one.
 */
import React, { useId, useRef } from 'react';

/** The tabs. */
export function Tabs<T extends string>(props: {
  readonly label: string;
  readonly tabs: readonly (readonly [id: T, label: string])[];
  readonly chosen: T;
  readonly onChoose: (id: T) => void;
  /** What is in the panel of the chosen one. */
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const { label, tabs, chosen, onChoose, children } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = tabs.findIndex(([each]) => each === chosen);
  const go = (index: number): void => {
    const next = (index + tabs.length) % tabs.length;
    const tab = tabs[next];
    if (tab !== undefined) {
      onChoose(tab[0]);
      list.current?.querySelectorAll('button')[next]?.focus();
    }
  };
  return (
    <>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        className="jp-ci-tabs"
        onKeyDown={event => {
          const step = STEPS[event.key];
          if (step !== undefined) {
            event.preventDefault();
            go(at + step);
          }
        }}
      >
        {tabs.map(([each, text]) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`${id}-${each}`}
            aria-selected={each === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={each === chosen ? 0 : -1}
            onClick={() => {
              onChoose(each);
            }}
          >
            {text}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${chosen}`}
        className="jp-ci-tab-panel"
      >
        {children}
      </div>
    </>
  );
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowLeft: -1
};
