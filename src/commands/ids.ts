/**
 * The ids of the commands, which menus, shortcuts and other extensions refer to.
 */
export const CommandIDs = {
  openPanel: 'ci-manager:open-panel',
  refresh: 'ci-manager:refresh',
  create: 'ci-manager:create',
  start: 'ci-manager:start',
  stop: 'ci-manager:stop',
  restart: 'ci-manager:restart',
  delete: 'ci-manager:delete',
  stopMine: 'ci-manager:stop-mine',
  openDetails: 'ci-manager:open-details',
  openLog: 'ci-manager:open-log',
  openLinkedLog: 'ci-manager:open-linked-log',
  switchWorkspace: 'ci-manager:switch-workspace',
  showOnlyMine: 'ci-manager:show-only-mine',
  sort: 'ci-manager:sort',
  clearActivity: 'ci-manager:clear-activity',
  showDisk: 'ci-manager:show-disk',
  openDiskUsage: 'ci-manager:open-disk-usage',
  scanDisk: 'ci-manager:scan-disk',
  cleanUp: 'ci-manager:clean-up',
  moveToTrash: 'ci-manager:move-to-trash'
} as const;
