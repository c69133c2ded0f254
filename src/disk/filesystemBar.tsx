/**
 * One file system: how much of it is used, how much is left, and from where on it is a danger.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Filesystem } from '../api/types';
import { formatBytes } from '../format';
import { useTranslation } from '../panel/translation';
import { LevelMark } from './levelMark';
import {
  filesystemName,
  filesystemSummary,
  freeText,
  fullInText,
  growthText,
  inodesText,
  levelLabel,
  reservedText,
  usedOfTotal
} from './words';

/** A file system with its bar, or what is wrong with it. */
export function FilesystemBar(props: {
  readonly filesystem: Filesystem;
}): React.JSX.Element {
  const { filesystem } = props;
  const trans = useTranslation();
  const { level, mount_point: mountPoint } = filesystem;
  const name = filesystemName(filesystem, trans);
  const used = usedOfTotal(filesystem, trans);
  const facts = [
    freeText(filesystem, trans),
    reservedText(filesystem, trans),
    levelLabel(level, trans),
    filesystem.read_only ? trans.__('read-only') : null,
    fullInText(filesystem, trans)
  ].filter(fact => fact !== null);
  const notes = [
    filesystem.reason,
    filesystem.error,
    inodesText(filesystem, trans)
  ].filter(note => note !== null);
  return (
    <li
      className={`jp-ci-filesystem jp-mod-${level}`}
      data-mount-point={mountPoint}
    >
      <div className="jp-ci-filesystem-head" title={placeOf(filesystem)}>
        <span className="jp-ci-clip">{name}</span>
        {used !== null && <span className="jp-ci-figure">{used}</span>}
      </div>
      {used !== null && <Bar filesystem={filesystem} label={name} />}
      <div
        className="jp-ci-filesystem-facts"
        title={growthText(filesystem, trans) ?? undefined}
      >
        {level !== 'ok' && <LevelMark level={level} />}
        <span>{facts.join(' · ')}</span>
      </div>
      {notes.map(note => (
        <p key={note} className="jp-ci-hint">
          {note}
        </p>
      ))}
    </li>
  );
}

function Bar(props: {
  readonly filesystem: Filesystem;
  readonly label: string;
}): React.JSX.Element {
  const { filesystem, label } = props;
  const trans = useTranslation();
  const {
    total_bytes: total,
    used_bytes: used,
    available_bytes: available,
    warn_below_bytes: warnBelow,
    critical_below_bytes: criticalBelow,
    hold_back_below_bytes: holdBackBelow
  } = filesystem;
  if (total === null || used === null || available === null || total <= 0) {
    return <></>;
  }
  // What is kept for the system is as good as used: thresholds are about what is available.
  const taken = percent(total - available, total);
  const summary = filesystemSummary(filesystem, trans);
  const kinds = new Map<number, ThresholdKind>();
  if (warnBelow !== null) {
    kinds.set(warnBelow, 'warn');
  }
  if (criticalBelow !== null) {
    kinds.set(criticalBelow, 'critical');
  }
  return (
    <div
      className="jp-ci-bar"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(taken)}
      aria-valuetext={summary}
      title={summary}
    >
      <div
        className="jp-ci-bar-fill"
        style={{ width: `${percent(used, total)}%` }}
      />
      <div
        className="jp-ci-bar-reserved"
        style={{ width: `${taken - percent(used, total)}%` }}
      />
      {[...kinds].map(([below, kind]) => (
        <Threshold
          key={below}
          at={percent(total - below, total)}
          kind={kind}
          title={thresholdTitle(below, kind, below === holdBackBelow, trans)}
        />
      ))}
    </div>
  );
}

type ThresholdKind = 'warn' | 'critical';

function Threshold(props: {
  readonly at: number;
  readonly kind: ThresholdKind;
  readonly title: string;
}): React.JSX.Element {
  const { at, kind, title } = props;
  return (
    <div
      className={`jp-ci-threshold jp-mod-${kind}`}
      style={{ insetInlineStart: `${at}%` }}
      title={title}
    />
  );
}

/** What is the case with less than this. */
function thresholdTitle(
  below: number,
  kind: ThresholdKind,
  holdsBack: boolean,
  trans: TranslationBundle
): string {
  const amount = formatBytes(below);
  if (holdsBack) {
    return trans.__('Below %1 free stop and restart are held back', amount);
  }
  return kind === 'warn'
    ? trans.__('Low below %1 free', amount)
    : trans.__('Critically low below %1 free', amount);
}

function percent(part: number, whole: number): number {
  return Math.min(100, Math.max(0, (part / whole) * 100));
}

function placeOf({ mount_point: place, device, type }: Filesystem): string {
  return `${place}\n${device} (${type})`;
}
