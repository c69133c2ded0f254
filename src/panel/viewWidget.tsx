/**
 * Puts a view into a widget, with the translator around it.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

import { TranslationProvider } from './translation';

/** A widget that shows a view. */
export function viewWidget(
  view: React.JSX.Element,
  trans: TranslationBundle
): ReactWidget {
  return ReactWidget.create(
    <TranslationProvider trans={trans}>{view}</TranslationProvider>
  );
}
