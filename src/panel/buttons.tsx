/**
 * Buttons with words, in JupyterLab's own style.
 */
import { Clipboard } from '@jupyterlab/apputils';
import React, { useEffect, useState } from 'react';

import { useTranslation } from './translation';

/** How long "Copied" is shown. */
const COPIED_MS = 2000;

/**
 * A button with words; one of several is the primary one. It is dimmed, and deaf, while what it
 * began is under way.
 */
export function ActionButton(props: {
  readonly primary?: boolean;
  readonly onClick: () => Promise<void> | void;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const { primary, onClick, children } = props;
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
      type="button"
      className={`jp-ci-button jp-mod-styled ${style}`}
      // Not `disabled`, which would take the focus away.
      aria-disabled={busy}
      aria-busy={busy}
      onClick={() => {
        if (!busy) {
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
