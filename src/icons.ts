/**
 * The icons of our own: the instance, the disk, and a shape for each kind of state.
 */
import { LabIcon } from '@jupyterlab/ui-components';

import diskSvg from '../style/icons/disk.svg';
import environmentSvg from '../style/icons/environment.svg';
import instanceSvg from '../style/icons/instance.svg';
import criticalSvg from '../style/icons/level-critical.svg';
import failedSvg from '../style/icons/state-failed.svg';
import runningSvg from '../style/icons/state-running.svg';
import stoppedSvg from '../style/icons/state-stopped.svg';
import transitionSvg from '../style/icons/state-transition.svg';
import unknownSvg from '../style/icons/state-unknown.svg';

export const instanceIcon = new LabIcon({
  name: 'jupyter-ci-manager:instance',
  svgstr: instanceSvg
});

export const runningIcon = new LabIcon({
  name: 'jupyter-ci-manager:state-running',
  svgstr: runningSvg
});

export const stoppedIcon = new LabIcon({
  name: 'jupyter-ci-manager:state-stopped',
  svgstr: stoppedSvg
});

export const transitionIcon = new LabIcon({
  name: 'jupyter-ci-manager:state-transition',
  svgstr: transitionSvg
});

export const failedIcon = new LabIcon({
  name: 'jupyter-ci-manager:state-failed',
  svgstr: failedSvg
});

export const unknownIcon = new LabIcon({
  name: 'jupyter-ci-manager:state-unknown',
  svgstr: unknownSvg
});

export const diskIcon = new LabIcon({
  name: 'jupyter-ci-manager:disk',
  svgstr: diskSvg
});

export const criticalIcon = new LabIcon({
  name: 'jupyter-ci-manager:level-critical',
  svgstr: criticalSvg
});

export const environmentIcon = new LabIcon({
  name: 'jupyter-ci-manager:environment',
  svgstr: environmentSvg
});
