/**
 * The virtual machine of an instance: its size, what that has, its image, and where it is.
 */
import React from 'react';

import type { InstanceDetails, OsImage, VmSize } from '../api/types';
import { formatGigabytes } from '../format';
import { ActionButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import { Card, Fact } from './card';

/** The card. */
export function ComputeCard(props: {
  readonly details: InstanceDetails;
  readonly vmSize: string;
  readonly size: VmSize | null;
  /** Why its size cannot be changed now, or null. */
  readonly whyNotResize: string | null;
  readonly onResize: () => void;
}): React.JSX.Element {
  const { details, vmSize, size, whyNotResize, onResize } = props;
  const trans = useTranslation();
  return (
    <Card title={trans.__('Compute')}>
      <dl className="jp-ci-fact-rows">
        <Fact term={trans.__('VM size')}>{size?.name ?? vmSize}</Fact>
        <Fact term={trans.__('Cores')}>{size?.vcpus}</Fact>
        <Fact term={trans.__('Memory')}>
          {size !== null && trans.__('%1 GB', formatGigabytes(size.memory_gb))}
        </Fact>
        <Fact term={trans.__('GPUs')}>
          {size === null
            ? null
            : size.gpus === 0
              ? trans.__('none')
              : size.gpus}
        </Fact>
        <Fact term={trans.__('Region')}>{details.instance.location}</Fact>
        <Fact term={trans.__('OS image')}>
          {details.os_image !== null && <Image image={details.os_image} />}
        </Fact>
      </dl>
      <div className="jp-ci-buttons">
        <ActionButton whyNot={whyNotResize} onClick={onResize}>
          {trans.__('Resize…')}
        </ActionButton>
      </div>
      {whyNotResize !== null && <p className="jp-ci-hint">{whyNotResize}</p>}
    </Card>
  );
}

function Image({ image }: { readonly image: OsImage }): React.JSX.Element {
  const trans = useTranslation();
  return (
    <>
      {image.current}
      {image.outdated ? (
        <p className="jp-ci-warning">
          {image.latest === null
            ? trans.__(
                'Outdated. A new image comes only with a new instance: create one like it, and delete this.'
              )
            : trans.__(
                'Outdated: the newest is %1. A new image comes only with a new instance: create one like it, and delete this.',
                image.latest
              )}
        </p>
      ) : (
        image.latest !== null && (
          <p className="jp-ci-hint">{trans.__('It is the newest.')}</p>
        )
      )}
    </>
  );
}
