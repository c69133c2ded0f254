/**
 * The plugins of the extension: what JupyterLab activates; knows the application, holds no state.
 */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

/**
 * The compute instances panel.
 */
const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-ci-manager:plugin',
  description: 'Run Azure Machine Learning compute instances',
  autoStart: true,
  activate: (_app: JupyterFrontEnd): void => undefined
};

export default plugin;
