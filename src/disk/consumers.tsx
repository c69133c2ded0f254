/**
 * The known consumers of space that a scan came across: what is safe to remove first.
 */
import React from 'react';

import type { Consumer } from '../api/types';
import { formatBytes } from '../format';
import { ActionButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import { Swatch } from './legend';
import { consumerLabel, familyOf, isSafeToRemove } from './words';

/** How many of them are shown at first: the largest. */
const SHOWN = 5;

/** The consumers. */
export function Consumers(props: {
  readonly consumers: readonly Consumer[];
  readonly onShow: (uri: string) => void;
  readonly onCleanUp: () => void;
}): React.JSX.Element {
  const { consumers, onShow, onCleanUp } = props;
  const trans = useTranslation();
  const removable = consumers.filter(each => isSafeToRemove(each.kind));
  const others = consumers.filter(each => !isSafeToRemove(each.kind));
  const sum = removable.reduce((bytes, each) => bytes + each.bytes, 0);
  if (consumers.length === 0) {
    return <></>;
  }
  return (
    <div className="jp-ci-consumers">
      {removable.length > 0 && (
        <section aria-label={trans.__('Safe to remove')}>
          <header>
            <h3>{trans.__('Safe to remove: %1', formatBytes(sum))}</h3>
            <ActionButton primary onClick={onCleanUp}>
              {trans.__('Clean up…')}
            </ActionButton>
          </header>
          <LongList consumers={removable} onShow={onShow} />
        </section>
      )}
      {others.length > 0 && (
        <section aria-label={trans.__('Also known')}>
          <header>
            <h3>{trans.__('Look here, too')}</h3>
          </header>
          <LongList consumers={others} onShow={onShow} />
        </section>
      )}
    </div>
  );
}

interface IListProps {
  readonly consumers: readonly Consumer[];
  readonly onShow: (uri: string) => void;
}

function LongList({ consumers, onShow }: IListProps): React.JSX.Element {
  const trans = useTranslation();
  const more = consumers.slice(SHOWN);
  return (
    <>
      <ConsumerList consumers={consumers.slice(0, SHOWN)} onShow={onShow} />
      {more.length > 0 && (
        <details className="jp-ci-details">
          <summary>{trans._n('%1 more', '%1 more', more.length)}</summary>
          <ConsumerList consumers={more} onShow={onShow} />
        </details>
      )}
    </>
  );
}

function ConsumerList(props: IListProps): React.JSX.Element {
  const { consumers, onShow } = props;
  const trans = useTranslation();
  return (
    <ul>
      {consumers.map(({ kind, name, uri, bytes, shared_bytes: shared }) => (
        <li key={uri} data-consumer={kind}>
          <Swatch family={familyOf(kind)} removable={isSafeToRemove(kind)} />
          <span>{consumerLabel(kind, trans)}</span>
          <button
            type="button"
            className="jp-ci-link jp-ci-clip"
            title={trans.__('Show %1 in the table', name)}
            onClick={() => {
              onShow(uri);
            }}
          >
            {name}
          </button>
          <span
            className="jp-ci-figure"
            title={
              shared === 0
                ? undefined
                : trans.__(
                    '%1 more are hard links to files that are counted elsewhere, such as in the package cache.',
                    formatBytes(shared)
                  )
            }
          >
            {formatBytes(bytes)}
          </span>
        </li>
      ))}
    </ul>
  );
}
