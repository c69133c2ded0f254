/**
 * The shape and colour of a state; the name of the state is always beside it as text.
 */
import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { Instance } from '../api/types';
import {
  failedIcon,
  runningIcon,
  stoppedIcon,
  transitionIcon,
  unknownIcon
} from '../icons';
import { isRunning } from '../model/rows';
import { Glyph } from './glyph';

/** What a state comes to at a glance. */
export type StateKind =
  'running' | 'stopped' | 'transition' | 'failed' | 'unknown';

const ICONS: Readonly<Record<StateKind, LabIcon>> = {
  running: runningIcon,
  stopped: stoppedIcon,
  transition: transitionIcon,
  failed: failedIcon,
  unknown: unknownIcon
};

/** What an instance's state comes to at a glance. */
export function stateKind(instance: Instance): StateKind {
  if (instance.in_transition) {
    return 'transition';
  }
  if (isRunning(instance)) {
    return 'running';
  }
  if (instance.state === 'Stopped') {
    return 'stopped';
  }
  return instance.state === 'Unusable' || instance.state.endsWith('Failed')
    ? 'failed'
    : 'unknown';
}

/** The mark in front of a row. */
export function StateMark(props: {
  readonly kind: StateKind;
}): React.JSX.Element {
  const { kind } = props;
  return (
    <Glyph icon={ICONS[kind]} className={`jp-ci-state-mark jp-mod-${kind}`} />
  );
}
