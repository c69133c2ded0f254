/**
 * One line of a log: number, time, text with its colours and matches. All of it is text nodes.
 */
import React, { memo, useMemo } from 'react';

import { useTranslation } from '../panel/translation';
import type { ISpan } from './ansi';
import type { LogText } from './logText';
import type { IMatch } from './search';
import { Severity } from './severity';

/**
 * What a line needs to be drawn.
 */
export interface ILogLineProps {
  readonly text: LogText;
  /** Counted from 0. */
  readonly line: number;
  /** Another one when the line is another, or has grown. */
  readonly revision: number;
  readonly severity: Severity;
  readonly matches: readonly IMatch[];
  readonly isSelected: boolean;
  /** When it arrived: null where times are not shown, empty where it is not known. */
  readonly time: string | null;
  /** The address that leads to this line. */
  readonly link: string;
}

/** A line. */
export const LogLine = memo(
  (props: ILogLineProps) => {
    const { text, line, revision, severity, matches, isSelected } = props;
    const trans = useTranslation();
    const spans = useMemo(
      () => ({ revision, all: text.spans(line) }),
      [text, line, revision]
    ).all;
    const classes = ['jp-ci-log-line'];
    if (severity === Severity.error) {
      classes.push('jp-mod-error');
    } else if (severity === Severity.warning) {
      classes.push('jp-mod-warning');
    }
    if (isSelected) {
      classes.push('jp-mod-selected');
    }
    return (
      <div className={classes.join(' ')} data-line={line + 1}>
        <a
          className="jp-ci-log-number"
          href={props.link}
          tabIndex={-1}
          title={trans.__('Line %1: pick it, or copy its address', line + 1)}
        >
          {line + 1}
        </a>
        {props.time !== null && (
          <span className="jp-ci-log-time">{props.time}</span>
        )}
        <span className="jp-ci-log-text">
          {withMatches(spans, matches).map((piece, index) => (
            <Piece key={index} {...piece} />
          ))}
        </span>
      </div>
    );
  },
  (last, next) =>
    last.line === next.line &&
    last.revision === next.revision &&
    last.text === next.text &&
    last.severity === next.severity &&
    last.isSelected === next.isSelected &&
    last.time === next.time &&
    last.link === next.link &&
    sameMatches(last.matches, next.matches)
);

/**
 * A piece of a line that looks the same throughout.
 */
export interface IPiece {
  readonly span: ISpan;
  readonly match: IMatch | null;
}

/** Cut spans where matches begin and end. */
export function withMatches(
  spans: readonly ISpan[],
  matches: readonly IMatch[]
): readonly IPiece[] {
  if (matches.length === 0) {
    return spans.map(span => ({ span, match: null }));
  }
  const pieces: IPiece[] = [];
  let at = 0;
  let next = 0;
  for (const span of spans) {
    const end = at + span.text.length;
    let from = at;
    while (from < end) {
      while ((matches[next]?.end ?? Infinity) <= from) {
        next += 1;
      }
      const match = matches[next];
      const isInside = match !== undefined && match.start <= from;
      const to = Math.min(
        end,
        match === undefined ? end : isInside ? match.end : match.start
      );
      pieces.push({
        span: { ...span, text: span.text.slice(from - at, to - at) },
        match: isInside ? match : null
      });
      from = to;
    }
    at = end;
  }
  return pieces;
}

function Piece({ span, match }: IPiece): React.JSX.Element {
  const { text, className, style } = span;
  const plain =
    className === null && style === null ? (
      <>{text}</>
    ) : (
      <span className={className ?? undefined} style={style ?? undefined}>
        {text}
      </span>
    );
  return match === null ? (
    plain
  ) : (
    <mark className={match.isCurrent ? 'jp-mod-current' : undefined}>
      {plain}
    </mark>
  );
}

function sameMatches(
  last: readonly IMatch[],
  next: readonly IMatch[]
): boolean {
  return (
    last.length === next.length &&
    last.every((match, index) => {
      const other = next[index];
      return (
        match.start === other?.start &&
        match.end === other.end &&
        match.isCurrent === other.isCurrent
      );
    })
  );
}
