/**
 * The id of the panel's widget, by which the shell finds it.
 */
export const PANEL_ID = 'jp-ci-manager-panel';
