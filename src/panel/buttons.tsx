/**
 * Buttons with words, in JupyterLab's own style.
 */
import { Clipboard } from '@jupyterlab/apputils';
import type { LabIcon } from '@jupyterlab/ui-components';
import React, { useEffect, useState } from 'react';

import { Glyph } from './glyph';
import { useTranslation } from './translation';

/** How long "Copied" is shown. */
const COPIED_MS = 2000;

/**
 * A button with words; one of several is the primary one. It is dimmed, and deaf, while what it
 * began is under way.
 */
export function ActionButton(props: {
  readonly primary?: boolean;
  /** Whether Enter in a field of its form presses it. */
  readonly onEnter?: boolean;
  /** What screen readers say instead of the words on it. */
  readonly label?: string;
  /** Why it cannot be pressed now, or null. */
  readonly whyNot?: string | null;
  readonly onClick: () => Promise<void> | void;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const { primary, onEnter, label, whyNot = null, onClick, children } = props;
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      await onClick();
    } finally {
      setBusy(false);
    }
  };
  const style = primary === true ? 'jp-mod-accept' : 'jp-mod-reject';
  return (
    <button
      type={onEnter === true ? 'submit' : 'button'}
      className={`jp-ci-button jp-mod-styled ${style}`}
      // Not `disabled`, which would take the focus away.
      aria-disabled={busy || whyNot !== null}
      aria-busy={busy}
      aria-label={label}
      title={whyNot ?? undefined}
      onClick={() => {
        if (!busy && whyNot === null) {
          void run();
        }
      }}
    >
      {children}
    </button>
  );
}

/** Copies a text to the clipboard, and says so. */
export function CopyButton(props: {
  readonly text: string;
  /** What is copied, for screen readers; the button itself says "Copy". */
  readonly what: string;
}): React.JSX.Element {
  const { text, what } = props;
  const trans = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) {
      return;
    }
    const timer = setTimeout(() => {
      setCopied(false);
    }, COPIED_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  return (
    <button
      type="button"
      className="jp-ci-button jp-mod-styled jp-mod-reject"
      title={what}
      onClick={() => {
        Clipboard.copyToSystem(text);
        setCopied(true);
      }}
    >
      <span aria-live="polite">
        {copied ? trans.__('Copied') : trans.__('Copy')}
      </span>
    </button>
  );
}

/** A command line to run in a terminal, with a button that copies it. */
export function CommandLine(props: {
  readonly text: string;
}): React.JSX.Element {
  const trans = useTranslation();
  return (
    <div className="jp-ci-command-line">
      <code>{props.text}</code>
      <CopyButton text={props.text} what={trans.__('Copy this command')} />
    </div>
  );
}

/** A button with a drawing, in a row or beside a field. */
export function IconButton(props: {
  readonly icon: LabIcon;
  /** What it does, for its tooltip and for screen readers. */
  readonly label: string;
  /** Why it cannot be pressed now, or null. */
  readonly whyNot?: string | null;
  /** Where rows are walked by arrow keys, it is none of the stops of Tab. */
  readonly tabIndex?: number;
  readonly hasMenu?: boolean;
  readonly onClick: (event: React.MouseEvent<HTMLButtonElement>) => void;
}): React.JSX.Element {
  const { icon, label, whyNot = null, tabIndex, hasMenu, onClick } = props;
  return (
    <button
      type="button"
      className="jp-ci-row-button"
      tabIndex={tabIndex}
      aria-label={label}
      aria-haspopup={hasMenu === true ? 'menu' : undefined}
      aria-disabled={whyNot !== null}
      title={whyNot === null ? label : `${label}: ${whyNot}`}
      onClick={event => {
        event.stopPropagation();
        if (whyNot === null) {
          onClick(event);
        }
      }}
    >
      <Glyph icon={icon} />
    </button>
  );
}
