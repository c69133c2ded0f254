/**
 * The translator, for every view below a provider.
 */
import { nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { createContext, useContext } from 'react';

import { TRANSLATION_DOMAIN } from '../tokens';

const TranslationContext = createContext<TranslationBundle>(
  nullTranslator.load(TRANSLATION_DOMAIN)
);

/** The bundle that strings of this extension are translated with. */
export function useTranslation(): TranslationBundle {
  return useContext(TranslationContext);
}

/** Makes a bundle available to the views inside. */
export function TranslationProvider(props: {
  readonly trans: TranslationBundle;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  return (
    <TranslationContext.Provider value={props.trans}>
      {props.children}
    </TranslationContext.Provider>
  );
}
