/**
 * Access by SSH: off, or with a public key that is pasted, read from a file, or on the server's
 * machine. A private key never leaves the machine it is made on.
 */
import React, { useEffect, useId, useState } from 'react';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { SshKey, SshKeyList } from '../api/types';
import { ChoiceField, TextField } from '../environments/field';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { ComputerFile } from './computerFile';
import { SpecArea, SpecSwitch } from './fields';
import { useSpec } from './specContext';

/** What a public key may be long. */
const MOST_CHARACTERS = 16 * 1024;

/** The section. */
export function SshSection(): React.JSX.Element {
  const { form } = useSpec();
  const trans = useTranslation();
  const { onBehalf, publicKey, withSsh } = form.draft;
  return (
    <>
      <SpecSwitch
        field="ssh"
        label={trans.__('Allow SSH from the internet or the virtual network')}
        hint={
          onBehalf
            ? trans.__(
                'Azure refuses this on an instance that is created for someone else.'
              )
            : trans.__(
                'It cannot be switched on or off later. Terminals in JupyterLab and VS Code need no SSH.'
              )
        }
        value={withSsh}
        onChange={value => {
          form.choose({ withSsh: value });
        }}
      />
      {withSsh && (
        <>
          <SpecArea
            field="ssh.public_key"
            label={trans.__('Public key')}
            placeholder="ssh-ed25519 AAAA… amy"
            hint={trans.__(
              'One line, from a file that ends in .pub. Never the private key.'
            )}
            value={publicKey}
            onChange={value => {
              form.choose({ publicKey: value });
            }}
          />
          {!form.isLocked('ssh.public_key') && <KeySources />}
        </>
      )}
    </>
  );
}

function KeySources(): React.JSX.Element {
  const { form, manager } = useSpec();
  const { specs } = manager.client;
  const trans = useTranslation();
  const id = useId();
  const [list, setList] = useState<SshKeyList | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [name, setName] = useState('id_compute_instance');
  const take = (key: SshKey): void => {
    form.choose({ publicKey: key.public_key });
  };
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    specs.sshKeys({ signal }).then(setList, (reason: unknown) => {
      if (!signal.aborted) {
        setFailure(RequestError.failureOf(reason));
      }
    });
    return () => {
      controller.abort();
    };
  }, [specs]);
  const make = async (): Promise<void> => {
    setFailure(null);
    try {
      const key = await specs.makeSshKey(name);
      take(key);
      setList(old => old && { ...old, items: [...old.items, key] });
    } catch (reason) {
      setFailure(RequestError.failureOf(reason));
    }
  };
  const keys = list?.items ?? [];
  const chosen = keys.find(
    each => each.public_key.trim() === form.draft.publicKey.trim()
  );
  return (
    <>
      <ComputerFile
        accept=".pub,.txt"
        mostCharacters={MOST_CHARACTERS}
        onRead={(_, text) => {
          form.choose({ publicKey: text.trim() });
        }}
      />
      {keys.length > 0 && (
        <ChoiceField
          id={`${id}-key`}
          label={trans.__('Or a key on the Jupyter server’s machine')}
          value={chosen?.name ?? ''}
          choices={[
            ['', trans.__('Choose…')],
            ...keys.map(
              each =>
                [each.name, trans.__('%1 (%2)', each.name, each.type)] as const
            )
          ]}
          hint={chosen?.fingerprint ?? list?.folder ?? null}
          onChange={value => {
            const key = keys.find(each => each.name === value);
            if (key !== undefined) {
              take(key);
            }
          }}
        />
      )}
      <details className="jp-ci-fold">
        <summary>{trans.__('Make a new key pair')}</summary>
        <TextField
          id={`${id}-name`}
          label={trans.__('Name of its files')}
          value={name}
          hint={trans.__(
            'Made in %1 of the Jupyter server’s machine; the private key stays there. Nothing is overwritten.',
            list?.folder ?? '~/.ssh'
          )}
          onChange={setName}
        />
        <ActionButton
          whyNot={name.trim() === '' ? trans.__('It needs a name.') : null}
          onClick={make}
        >
          {trans.__('Make it')}
        </ActionButton>
      </details>
      {failure !== null && (
        <div role="alert">
          <Problem error={explain(failure, trans)} />
        </div>
      )}
    </>
  );
}
