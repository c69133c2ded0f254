/**
 * Beside the lines: where in the whole log errors, warnings and what is searched for are.
 */
import React, { useRef } from 'react';

import { useSize } from '../panel/hooks';
import type { LogDocument } from './logDocument';
import { Severity } from './severity';

/** Marks are as high as this, in pixels. */
const MARK_HEIGHT = 3;

/** A picture of the log for the mouse; with the keyboard one goes from error to error. */
export function SeverityStrip(props: {
  readonly log: LogDocument;
}): React.JSX.Element {
  const { log } = props;
  const element = useRef<HTMLDivElement>(null);
  const height = useSize(element)?.height ?? 0;
  const parts = Math.max(1, Math.floor(height / MARK_HEIGHT));
  const { search, text } = log;
  const strip = text.severityStrip(parts);
  const matches = search.strip(text.firstLine, text.endLine, parts);
  return (
    <div
      ref={element}
      className="jp-ci-log-strip"
      aria-hidden="true"
      onClick={event => {
        const box = event.currentTarget.getBoundingClientRect();
        const share = (event.clientY - box.top) / box.height;
        const { firstLine, endLine } = log.text;
        const line = firstLine + Math.floor(share * (endLine - firstLine));
        const notable = nearestNotable(log, line, parts);
        log.goTo(Math.min(Math.max(firstLine, notable), endLine - 1));
      }}
    >
      {strip.map((severity, part) =>
        severity === Severity.none ? null : (
          <div
            key={part}
            className={
              severity === Severity.error ? 'jp-mod-error' : 'jp-mod-warning'
            }
            style={{ top: part * MARK_HEIGHT, height: MARK_HEIGHT }}
          />
        )
      )}
      {matches.map(
        (isMatch, part) =>
          isMatch && (
            <div
              key={`match-${part}`}
              className="jp-mod-match"
              style={{ top: part * MARK_HEIGHT, height: MARK_HEIGHT }}
            />
          )
      )}
    </div>
  );
}

/** The mark that was aimed at, else the line itself. */
function nearestNotable(log: LogDocument, line: number, parts: number): number {
  const { firstLine, endLine } = log.text;
  const reach = Math.ceil((3 * (endLine - firstLine)) / parts);
  const from = Math.max(firstLine, line - reach);
  const found =
    log.text.findSeverity(from, 1, Severity.error) ??
    log.text.findSeverity(from, 1, Severity.warning);
  return found !== null && found <= line + reach ? found : line;
}
