/**
 * An icon as a bare drawing.
 */
import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

/**
 * The drawing of an icon, which says nothing to screen readers: there is text beside it.
 *
 * #### Notes
 * `LabIcon.react` subscribes to changes and makes a style class each time it is drawn, which is
 * half of the time that scrolling through a long list takes.
 */
export function Glyph(props: {
  readonly icon: LabIcon;
  readonly className?: string;
}): React.JSX.Element {
  const { icon, className } = props;
  return (
    <span
      className={
        className === undefined ? 'jp-ci-glyph' : `jp-ci-glyph ${className}`
      }
      aria-hidden
      // The icons are files of ours and of JupyterLab, not text of anyone.
      dangerouslySetInnerHTML={{ __html: icon.svgstr }}
    />
  );
}
