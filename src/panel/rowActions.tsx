/**
 * The buttons at the end of a row: the likely action, and the menu with all of them.
 */
import {
  ellipsesIcon,
  listIcon,
  refreshIcon,
  runIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { Instance, PowerAction } from '../api/types';
import { hasFailed } from '../logs/words';
import { canRun, likelyAction } from '../model/permissions';
import type { Row } from '../model/rows';
import type { WorkspaceState } from '../tokens';
import { actionTitle, costOfAction, whyNot } from '../words';
import { Glyph } from './glyph';
import { useTranslation } from './translation';

const ICONS: Readonly<Record<PowerAction, LabIcon>> = {
  start: runIcon,
  stop: stopIcon,
  restart: refreshIcon
};

/** The buttons of a row; with the keyboard they are reached by the right arrow. */
export function RowActions(props: {
  readonly row: Row;
  readonly workspace: WorkspaceState;
  readonly onAction: (name: string, action: PowerAction) => void;
  readonly onLog: (instance: Instance) => void;
}): React.JSX.Element {
  const { row, workspace, onAction, onLog } = props;
  const trans = useTranslation();
  if (row.kind === 'requested') {
    return <></>;
  }
  const action = likelyAction(row);
  const reason =
    action === null ? null : whyNot(canRun(action, row, workspace), trans);
  return (
    <>
      {hasFailed(row.instance.script_outcome) && (
        <RowButton
          icon={listIcon}
          label={trans.__('View log of %1', row.name)}
          caption={trans.__('Its setup script failed')}
          disabledReason={null}
          onClick={() => {
            onLog(row.instance);
          }}
        />
      )}
      {action !== null && (
        <RowButton
          icon={ICONS[action]}
          label={actionTitle(action, row.name, trans)}
          caption={costOfAction(action, trans)}
          disabledReason={reason}
          onClick={() => {
            onAction(row.name, action);
          }}
        />
      )}
      <RowButton
        icon={ellipsesIcon}
        label={trans.__('More actions for %1', row.name)}
        caption={null}
        disabledReason={null}
        hasMenu
        onClick={event => {
          openContextMenu(event.currentTarget);
        }}
      />
    </>
  );
}

/** Opens the application's context menu of an element below it, as the mouse would. */
export function openContextMenu(element: Element): void {
  const box = element.getBoundingClientRect();
  element.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX: box.left,
      clientY: box.bottom
    })
  );
}

function RowButton(props: {
  readonly icon: LabIcon;
  readonly label: string;
  /** What its tooltip adds to the label. */
  readonly caption: string | null;
  readonly disabledReason: string | null;
  readonly hasMenu?: boolean;
  readonly onClick: (event: React.MouseEvent<HTMLButtonElement>) => void;
}): React.JSX.Element {
  const { icon, label, caption, disabledReason, hasMenu, onClick } = props;
  const more = caption === null ? label : `${label}\n${caption}`;
  return (
    <button
      type="button"
      className="jp-ci-row-button"
      tabIndex={-1}
      aria-label={label}
      aria-haspopup={hasMenu === true ? 'menu' : undefined}
      aria-disabled={disabledReason !== null}
      title={disabledReason === null ? more : `${label}: ${disabledReason}`}
      onClick={event => {
        event.stopPropagation();
        if (disabledReason === null) {
          onClick(event);
        }
      }}
    >
      <Glyph icon={icon} />
    </button>
  );
}
