/**
 * Lets a person choose among the workspaces that their identity can see.
 */
import React, { useCallback, useEffect, useState } from 'react';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { Workspace } from '../api/types';
import { explain } from '../failure';
import type { IWorkspaceModel } from '../tokens';
import { ActionButton } from './buttons';
import { Problem } from './problem';
import { useTranslation } from './translation';

type Listing =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | { readonly status: 'ready'; readonly items: readonly Workspace[] };

/** A list of workspaces; picking one selects it. */
export function WorkspacePicker(props: {
  readonly workspace: IWorkspaceModel;
  readonly current: string | null;
  /** Called when the server works in the workspace that was picked. */
  readonly onSelected?: () => void;
}): React.JSX.Element {
  const { workspace, current, onSelected } = props;
  const trans = useTranslation();
  const [listing, setListing] = useState<Listing>({ status: 'loading' });
  const [selecting, setSelecting] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<RequestFailure | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    setListing({ status: 'loading' });
    workspace.list(controller.signal).then(
      items => {
        setListing({ status: 'ready', items });
      },
      (reason: unknown) => {
        const failure = RequestError.failureOf(reason);
        if (failure.kind !== 'aborted') {
          setListing({ status: 'failed', failure });
        }
      }
    );
    return () => {
      controller.abort();
    };
  }, [workspace, attempt]);

  const select = useCallback(
    async (id: string): Promise<void> => {
      setSelecting(id);
      setRefusal(null);
      try {
        await workspace.select(id);
        onSelected?.();
      } catch (reason) {
        setRefusal(RequestError.failureOf(reason));
      } finally {
        setSelecting(null);
      }
    },
    [workspace, onSelected]
  );

  if (listing.status === 'loading') {
    return (
      <p role="status" className="jp-ci-late">
        {trans.__('Looking for workspaces…')}
      </p>
    );
  }
  if (listing.status === 'failed') {
    return (
      <Problem error={explain(listing.failure, trans)}>
        <ActionButton
          onClick={() => {
            setAttempt(attempt + 1);
          }}
        >
          {trans.__('Retry')}
        </ActionButton>
      </Problem>
    );
  }
  if (listing.items.length === 0) {
    return (
      <p>
        {trans.__(
          'This identity can see no workspace. Ask for the role “AzureML Data Scientist” on one, or sign in as someone else.'
        )}
      </p>
    );
  }
  return (
    <>
      {refusal !== null && <Problem error={explain(refusal, trans)} />}
      <ul
        className="jp-ci-workspaces"
        aria-label={trans.__('Workspaces')}
        aria-busy={selecting !== null}
      >
        {listing.items.map(item => (
          <li key={item.id}>
            <button
              type="button"
              aria-current={item.id === current}
              disabled={selecting !== null}
              title={item.id}
              onClick={() => {
                void select(item.id);
              }}
            >
              <span className="jp-ci-clip">{item.name}</span>
              <span className="jp-ci-second">
                {[item.location, item.resource_group]
                  .filter(part => part !== null)
                  .join(' · ')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
