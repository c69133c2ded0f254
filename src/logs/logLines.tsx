/**
 * The lines of a log that are in sight, in an element that scrolls; it pauses and resumes following
 * as a terminal does.
 */
import React, {
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState
} from 'react';
import type { RefObject } from 'react';

import { useSize } from '../panel/hooks';
import {
  anchorOf,
  linesInSight,
  mostLinesInSight,
  scrollHeight,
  scrollTopOf
} from './lineWindow';
import type { LogDocument } from './logDocument';
import { LogLine } from './logLine';

/** Before the height of a line was measured. */
const LIKELY_LINE_HEIGHT = 17;

interface ILinesProps {
  readonly log: LogDocument;
  /** Grows with whatever changes in the log. */
  readonly revision: number;
  readonly wrap: boolean;
  readonly times: boolean;
  readonly label: string;
  readonly linkOf: (line: number) => string;
  readonly scroller: RefObject<HTMLDivElement>;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
}

/** The lines. */
export function LogLines(props: ILinesProps): React.JSX.Element {
  const { log, wrap, times, label, linkOf, scroller, onKeyDown } = props;
  const { text, search } = log;
  const block = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const height = size?.height ?? 0;
  const lineHeight = useLineHeight(block, size?.width);
  const { firstLine } = text;
  const count = text.endLine - firstLine;
  const wrappedHeight = useWrappedHeight(
    block,
    wrap && count * lineHeight <= height
  );
  const total =
    wrappedHeight ?? scrollHeight(count, lineHeight, window.devicePixelRatio);
  const isUniform = !wrap && total === count * lineHeight;
  const [scrollTop, setScrollTop] = useState(0);
  const lastTop = useRef(0);
  /** Whether a person has not scrolled since a line was brought into sight. */
  const isKept = useRef(false);
  const viewport = { scrollTop, height, lineHeight, count };
  const { start, end } = linesInSight(viewport, total);
  // A line that comes takes over the element of one that went, which is quicker than making one.
  const slots = mostLinesInSight(viewport);

  /** Put the lines that are drawn where they belong. */
  const place = useCallback(() => {
    const element = scroller.current;
    const lines = block.current;
    if (element === null || lines === null) {
      return;
    }
    let top = start * lineHeight;
    if (!isUniform) {
      const now = { scrollTop: element.scrollTop, height, lineHeight, count };
      const { line, y } = anchorOf(now, total);
      const index = Math.min(Math.floor(line), count - 1);
      const anchor = lines.children[index - start];
      const above =
        anchor instanceof HTMLElement
          ? anchor.offsetTop + (line - index) * anchor.offsetHeight
          : (line - start) * lineHeight;
      top = element.scrollTop + y - above;
    }
    lines.style.transform = `translateY(${top}px)`;
  }, [scroller, start, lineHeight, isUniform, height, count, total]);
  useLayoutEffect(place);

  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    const { scrollTop: top, clientHeight, scrollHeight: whole } = element;
    const isAtEnd = top + clientHeight >= whole - lineHeight / 2;
    if (top !== lastTop.current) {
      isKept.current = false;
    }
    if (top < lastTop.current && !isAtEnd) {
      log.isFollowing = false;
    } else if (top > lastTop.current && isAtEnd) {
      log.isFollowing = true;
    }
    lastTop.current = top;
    setScrollTop(top);
    if (!isUniform) {
      place();
    }
  };

  const scrollTo = useCallback(
    (top: number) => {
      const element = scroller.current;
      if (element !== null && element.scrollTop !== top) {
        element.scrollTop = top;
        lastTop.current = element.scrollTop;
        setScrollTop(element.scrollTop);
      }
    },
    [scroller]
  );

  // What is being followed stays in sight, also when it grows, wraps or is resized.
  const { isFollowing } = log;
  useLayoutEffect(() => {
    if (isFollowing) {
      scrollTo(Math.max(0, Math.ceil(total - height)));
    }
  }, [isFollowing, total, height, scrollTo, count]);

  // Lines that are let go of above move nothing that is in sight.
  const lastFirst = useRef(firstLine);
  useLayoutEffect(() => {
    const gone = firstLine - lastFirst.current;
    lastFirst.current = firstLine;
    if (gone > 0 && !isFollowing) {
      scrollTo(Math.max(0, lastTop.current - gone * lineHeight));
    }
  }, [firstLine, isFollowing, lineHeight, scrollTo]);

  // It stays there when a notice takes some of the height, and when lines are wrapped.
  const { reveals, selected } = log;
  const shown = useRef(0);
  useLayoutEffect(() => {
    const index = (selected ?? -1) - firstLine;
    const isWanted = shown.current !== reveals || isKept.current;
    if (!isWanted || isFollowing || selected === null || height === 0) {
      return;
    }
    if (index < count) {
      shown.current = reveals;
      isKept.current = true;
      const target = { scrollTop: 0, height, lineHeight, count };
      scrollTo(scrollTopOf(Math.max(0, index), target, total, isUniform));
    }
  }, [
    isFollowing,
    reveals,
    selected,
    firstLine,
    count,
    height,
    lineHeight,
    total,
    isUniform,
    scrollTo
  ]);

  const lines = useMemo(() => {
    const all: number[] = [];
    for (let line = firstLine + start; line < firstLine + end; line += 1) {
      all.push(line);
    }
    return all;
  }, [firstLine, start, end]);

  return (
    <div
      ref={scroller}
      className={`jp-ci-log-lines${wrap ? ' jp-mod-wrap' : ''}`}
      role="region"
      aria-label={label}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onClick={event => {
        const line = lineOfNumber(event.target);
        if (line !== null && !event.ctrlKey && !event.metaKey) {
          event.preventDefault();
          isKept.current = false;
          log.select(line === log.selected ? null : line);
        }
      }}
    >
      <div className="jp-ci-log-all" style={{ height: total }}>
        <div
          ref={block}
          className="jp-ci-log-block"
          style={
            {
              '--jp-ci-log-digits': String(text.endLine).length
            } as React.CSSProperties
          }
        >
          {lines.map(line => (
            <LogLine
              key={line % slots}
              text={text}
              line={line}
              revision={
                line >= text.completeEnd ? props.revision : -1 - log.epoch
              }
              severity={text.severity(line)}
              matches={search.matchesIn(line)}
              isSelected={line === selected}
              time={times ? timeText(log.arrivals.of(line)) : null}
              link={linkOf(line)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** The height of a line that is not wrapped, as the theme and the person's font make it. */
function useLineHeight(
  block: RefObject<HTMLElement>,
  width: number | undefined
): number {
  const [height, setHeight] = useState(LIKELY_LINE_HEIGHT);
  useLayoutEffect(() => {
    if (block.current !== null) {
      const measured = parseFloat(getComputedStyle(block.current).lineHeight);
      if (measured > 0) {
        setHeight(measured);
      }
    }
  }, [block, width]);
  return height;
}

/**
 * How high the lines are when they are wrapped and few enough to be drawn all at once; else null.
 *
 * #### Notes
 * Unwrapped they would need no scrolling, so what is scrolled cannot be taken for that high.
 */
function useWrappedHeight(
  block: RefObject<HTMLElement>,
  isWanted: boolean
): number | null {
  const [height, setHeight] = useState<number | null>(null);
  useLayoutEffect(() => {
    setHeight(isWanted ? (block.current?.offsetHeight ?? null) : null);
  });
  return height;
}

/** The line whose number was clicked, counted from 0, or null. */
function lineOfNumber(target: EventTarget): number | null {
  const line =
    target instanceof Element && target.closest('.jp-ci-log-number') !== null
      ? target.closest<HTMLElement>('.jp-ci-log-line')?.dataset['line']
      : undefined;
  return line === undefined ? null : Number(line) - 1;
}

function timeText(at: number | null): string {
  return at === null ? '' : new Date(at).toLocaleTimeString();
}
