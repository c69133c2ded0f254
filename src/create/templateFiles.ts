/**
 * Templates as files of the Jupyter server: `*.ci.json`.
 */
import { Dialog, InputDialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { RequestError } from '../api/errors';
import type { InstanceSpec, SpecTemplate } from '../api/types';
import { explain } from '../failure';
import { EMPTY_SPEC } from '../model/specs';
import type { ICiManager } from '../tokens';
import type { IServerFiles } from './specContext';
import type { SpecForm } from './specForm';
import { TEMPLATE_END } from './templateNames';

/** Choose a file, and begin anew with what it says; resolves to what to tell. */
export async function openTemplate(
  form: SpecForm,
  manager: Pick<ICiManager, 'client'>,
  files: IServerFiles,
  trans: TranslationBundle
): Promise<string | null> {
  const path = await files.choose(trans.__('Open a template'), name =>
    name.endsWith(TEMPLATE_END)
  );
  if (path === null) {
    return null;
  }
  const template = await readTemplate(path, manager, files, trans);
  form.take(template);
  return trans.__('Opened “%1”.', template.title);
}

/** What a file says. Rejects with an `Error` in words for people. */
export async function readTemplate(
  path: string,
  manager: Pick<ICiManager, 'client'>,
  files: Pick<IServerFiles, 'read'>,
  trans: TranslationBundle
): Promise<SpecTemplate> {
  const text = await files.read(path);
  try {
    return await manager.client.specs.template(text);
  } catch (reason) {
    const { hint, message } = explain(RequestError.failureOf(reason), trans);
    throw new Error(
      [trans.__('%1 is no template: %2', path, message), hint]
        .filter(each => each !== null)
        .join(' ')
    );
  }
}

/** Ask for a path, and write the form there; resolves to what to tell. */
export async function saveTemplate(
  form: SpecForm,
  files: IServerFiles,
  trans: TranslationBundle
): Promise<string | null> {
  const { button, value } = await InputDialog.getText({
    title: trans.__('Save as template'),
    label: trans.__(
      'Path below the folder that Jupyter shows. The name of the instance is no part of it.'
    ),
    text: `${form.draft.name || 'instance'}${TEMPLATE_END}`,
    okLabel: trans.__('Save'),
    cancelLabel: trans.__('Cancel')
  });
  const given = value?.trim() ?? '';
  if (!button.accept || given === '') {
    return null;
  }
  const path = given.endsWith(TEMPLATE_END)
    ? given
    : `${given.replace(/\.json$/, '')}${TEMPLATE_END}`;
  if ((await files.exists(path)) && !(await mayOverwrite(path, trans))) {
    return null;
  }
  const title = (path.split('/').pop() ?? path).slice(0, -TEMPLATE_END.length);
  await files.write(path, templateText(title || path, form.spec));
  return trans.__('Saved %1.', path);
}

/** A template as text: what is Azure's default is left out, and so is the name. */
export function templateText(title: string, spec: InstanceSpec): string {
  const said = Object.entries(spec).filter(
    ([key, value]) =>
      key !== 'name' &&
      JSON.stringify(value) !==
        JSON.stringify(EMPTY_SPEC[key as keyof InstanceSpec])
  );
  const template = { version: 1, title, spec: Object.fromEntries(said) };
  return `${JSON.stringify(template, null, 2)}\n`;
}

async function mayOverwrite(
  path: string,
  trans: TranslationBundle
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Overwrite it?'),
    body: trans.__('There is a file %1 already.', path),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Overwrite') })
    ]
  });
  return button.accept;
}
