/**
 * One custom application: its image, its ports, its variables and its folders.
 */
import React from 'react';

import type { ApplicationVolume } from '../api/types';
import { useTranslation } from '../panel/translation';
import { EMPTY_ENDPOINT, EMPTY_VOLUME } from './draft';
import type { IApplicationDraft, IEndpointDraft } from './draft';
import { SpecChoice, SpecList, SpecSwitch, SpecText } from './fields';
import { PairList } from './pairs';

interface IProps {
  /** The path of the application in the spec. */
  readonly field: string;
  readonly application: IApplicationDraft;
  readonly onChange: (part: Partial<IApplicationDraft>) => void;
}

/** The fields. */
export function CustomApplicationFields(props: IProps): React.JSX.Element {
  const { field, application, onChange } = props;
  const trans = useTranslation();
  return (
    <div className="jp-ci-fields">
      <SpecText
        field={`${field}.name`}
        label={trans.__('Name')}
        placeholder="mlflow"
        value={application.name}
        onChange={name => {
          onChange({ name });
        }}
      />
      <SpecChoice
        field={`${field}.image_type`}
        label={trans.__('Image')}
        value={application.imageType}
        choices={[
          ['docker', trans.__('From a Docker registry')],
          ['azureml', trans.__('An environment of the workspace')]
        ]}
        onChange={imageType => {
          onChange({ imageType });
        }}
      />
      <SpecText
        field={`${field}.image`}
        label={trans.__('Which one')}
        placeholder={
          application.imageType === 'docker'
            ? 'ghcr.io/mlflow/mlflow:v2.16.0'
            : 'azureml://registries/azureml/environments/…'
        }
        value={application.image}
        onChange={image => {
          onChange({ image });
        }}
      />
      <Endpoints {...props} />
      <details className="jp-ci-fold">
        <summary>
          {trans.__(
            'Variables: %1, folders: %2',
            application.environment.length,
            application.volumes.length
          )}
        </summary>
        <PairList
          field={`${field}.environment`}
          label={trans.__('Variable')}
          addLabel={trans.__('Add a variable')}
          namePlaceholder="MLFLOW_PORT"
          valuePlaceholder="5000"
          pairs={application.environment}
          onChange={environment => {
            onChange({ environment });
          }}
        />
        <Volumes {...props} />
        <SpecSwitch
          field={`${field}.privileged`}
          label={trans.__('Privileged: the container may do all that root may')}
          value={application.privileged}
          onChange={privileged => {
            onChange({ privileged });
          }}
        />
      </details>
    </div>
  );
}

function Endpoints(props: IProps): React.JSX.Element {
  const { application, onChange } = props;
  const trans = useTranslation();
  const field = `${props.field}.endpoints`;
  return (
    <SpecList<IEndpointDraft>
      field={field}
      label={trans.__('Ports')}
      items={application.endpoints}
      empty={EMPTY_ENDPOINT}
      addLabel={trans.__('Add a port')}
      removeLabel={index => trans.__('Remove port %1', index + 1)}
      onChange={endpoints => {
        onChange({ endpoints });
      }}
    >
      {(endpoint, index, change) => (
        <div className="jp-ci-beside">
          <SpecText
            field={`${field}.${index}.target`}
            label={trans.__('In the container')}
            placeholder="5000"
            value={endpoint.target}
            onChange={target => {
              change({ ...endpoint, target });
            }}
          />
          <SpecText
            field={`${field}.${index}.published`}
            label={trans.__('On the instance')}
            placeholder="5000"
            value={endpoint.published}
            onChange={published => {
              change({ ...endpoint, published });
            }}
          />
          <SpecText
            field={`${field}.${index}.name`}
            label={trans.__('Called')}
            value={endpoint.name}
            onChange={name => {
              change({ ...endpoint, name });
            }}
          />
          <SpecChoice
            field={`${field}.${index}.protocol`}
            label={trans.__('Protocol')}
            value={endpoint.protocol}
            choices={[
              ['http', 'HTTP'],
              ['tcp', 'TCP'],
              ['udp', 'UDP']
            ]}
            onChange={protocol => {
              change({ ...endpoint, protocol });
            }}
          />
          <SpecText
            field={`${field}.${index}.host_ip`}
            label={trans.__('At the address')}
            placeholder="0.0.0.0"
            value={endpoint.hostIp}
            onChange={hostIp => {
              change({ ...endpoint, hostIp });
            }}
          />
        </div>
      )}
    </SpecList>
  );
}

function Volumes(props: IProps): React.JSX.Element {
  const { application, onChange } = props;
  const trans = useTranslation();
  const field = `${props.field}.volumes`;
  return (
    <SpecList<ApplicationVolume>
      field={field}
      label={trans.__('Folders')}
      items={application.volumes}
      empty={EMPTY_VOLUME}
      addLabel={trans.__('Add a folder')}
      removeLabel={index => trans.__('Remove folder %1', index + 1)}
      onChange={volumes => {
        onChange({ volumes });
      }}
    >
      {(volume, index, change) => (
        <div className="jp-ci-beside">
          <SpecText
            field={`${field}.${index}.source`}
            label={trans.__('On the instance')}
            placeholder="/home/azureuser/cloudfiles"
            value={volume.source}
            onChange={source => {
              change({ ...volume, source });
            }}
          />
          <SpecText
            field={`${field}.${index}.target`}
            label={trans.__('In the container')}
            placeholder="/data"
            value={volume.target}
            onChange={target => {
              change({ ...volume, target });
            }}
          />
          <SpecChoice
            field={`${field}.${index}.type`}
            label={trans.__('Kind')}
            value={volume.type}
            choices={[
              ['bind', trans.__('Folder')],
              ['volume', trans.__('Docker volume')],
              ['tmpfs', trans.__('In memory')],
              ['npipe', trans.__('Named pipe')]
            ]}
            onChange={type => {
              change({ ...volume, type });
            }}
          />
          <SpecSwitch
            field={`${field}.${index}.read_only`}
            label={trans.__('Read only')}
            value={volume.read_only}
            onChange={read_only => {
              change({ ...volume, read_only });
            }}
          />
        </div>
      )}
    </SpecList>
  );
}
