/**
 * The text of an inline setup script: in JupyterLab's editor, or in a plain field where there is
 * none.
 */
import React, { useEffect, useRef } from 'react';

import type { ScriptFinding } from '../api/types';
import { useTranslation } from '../panel/translation';
import { ShellEditor } from './codeEditor';
import { useSpec } from './specContext';

const NO_FINDINGS: readonly ScriptFinding[] = [];

/** The editor. */
export function ScriptEditor(props: {
  readonly label: string;
  readonly text: string;
  readonly findings: readonly ScriptFinding[] | undefined;
  readonly readOnly: boolean;
  readonly onChange: (text: string) => void;
  /** Takes a function that leads to a line. */
  readonly goTo: React.MutableRefObject<((line: number) => void) | null>;
}): React.JSX.Element {
  const { label, text, readOnly, onChange, goTo } = props;
  const findings = props.findings ?? NO_FINDINGS;
  const { editors } = useSpec();
  const trans = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<ShellEditor | null>(null);
  const newest = useRef({ text, onChange });
  newest.current = { text, onChange };
  const isPlain = editors === null || readOnly;

  useEffect(() => {
    if (host.current === null || editors === null) {
      return;
    }
    const made = new ShellEditor(
      host.current,
      editors,
      label,
      newest.current.text,
      changed => {
        newest.current.onChange(changed);
      }
    );
    editor.current = made;
    return () => {
      editor.current = null;
      made.dispose();
    };
  }, [editors, isPlain, label]);

  useEffect(() => {
    if (editor.current !== null) {
      editor.current.text = text;
    }
  }, [text]);

  useEffect(() => {
    editor.current?.mark(findings);
  }, [findings]);

  useEffect(() => {
    goTo.current = line => {
      if (editor.current === null) {
        goToLine(area.current, line);
      } else {
        editor.current.go(line);
      }
    };
    return () => {
      goTo.current = null;
    };
  }, [goTo]);

  return isPlain ? (
    <textarea
      ref={area}
      className="jp-mod-styled jp-ci-area jp-ci-script"
      rows={12}
      spellCheck={false}
      aria-label={label}
      readOnly={readOnly}
      value={text}
      onChange={event => {
        onChange(event.target.value);
      }}
    />
  ) : (
    <>
      <div ref={host} className="jp-ci-script" />
      <p className="jp-ci-hint">
        {trans.__('Tab indents; Escape and then Tab leaves the editor.')}
      </p>
    </>
  );
}

function goToLine(area: HTMLTextAreaElement | null, line: number): void {
  const start =
    area?.value
      .split('\n')
      .slice(0, line - 1)
      .reduce((sum, each) => sum + each.length + 1, 0) ?? 0;
  area?.focus();
  area?.setSelectionRange(start, start);
}
