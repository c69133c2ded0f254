/**
 * The routes of what a new instance is asked to be, one method each; holds no state.
 */
import type { IRequestOptions, Requests } from './requests';
import type {
  DryRunScript,
  InstanceSchedule,
  InstanceSpec,
  LintScript,
  ManagedIdentityList,
  Operation,
  SchedulePreview,
  ScriptLint,
  ShareFolder,
  SpecCheck,
  SpecCode,
  SpecDefaults,
  SpecTemplate,
  SshKey,
  SshKeyList,
  StarterScriptList,
  TimeZones,
  VirtualNetworkList
} from './types';

/**
 * A client of `specs/`, `schedules/`, `setup-scripts/` and what there is to choose from. Its methods
 * reject with a `RequestError`.
 */
export class SpecsClient {
  constructor(private readonly _requests: Requests) {}

  /** All that is wrong with a spec, and what it would cost. */
  async check(
    spec: InstanceSpec,
    options: IRequestOptions = {}
  ): Promise<SpecCheck> {
    return this._requests.json({
      path: ['specs', 'check'],
      method: 'POST',
      body: { spec },
      signal: options.signal
    });
  }

  /** The same request in other languages. */
  async code(
    spec: InstanceSpec,
    options: IRequestOptions = {}
  ): Promise<SpecCode> {
    return this._requests.json({
      path: ['specs', 'code'],
      method: 'POST',
      body: { spec },
      signal: options.signal
    });
  }

  /** What a template file says. */
  async template(
    text: string,
    options: IRequestOptions = {}
  ): Promise<SpecTemplate> {
    return this._requests.json({
      path: ['specs', 'template'],
      method: 'POST',
      body: { text },
      signal: options.signal
    });
  }

  /** What a new spec begins with. */
  async defaults(options: IRequestOptions = {}): Promise<SpecDefaults> {
    return this._requests.json({
      path: ['specs', 'defaults'],
      signal: options.signal
    });
  }

  /** When schedules fire next. */
  async previewSchedules(
    schedules: readonly InstanceSchedule[],
    options: IRequestOptions = {}
  ): Promise<SchedulePreview> {
    return this._requests.json({
      path: ['schedules', 'preview'],
      method: 'POST',
      body: { schedules: [...schedules] },
      signal: options.signal
    });
  }

  /** The time zones that schedules can be in. */
  async timeZones(options: IRequestOptions = {}): Promise<TimeZones> {
    return this._requests.json({
      path: ['time-zones'],
      signal: options.signal
    });
  }

  /** The virtual networks of the region. */
  async virtualNetworks(
    options: IRequestOptions = {}
  ): Promise<VirtualNetworkList> {
    return this._requests.json({
      path: ['virtual-networks'],
      signal: options.signal
    });
  }

  /** The user-assigned managed identities of the subscription. */
  async managedIdentities(
    options: IRequestOptions = {}
  ): Promise<ManagedIdentityList> {
    return this._requests.json({
      path: ['managed-identities'],
      signal: options.signal
    });
  }

  /** The public keys on the server's machine. */
  async sshKeys(options: IRequestOptions = {}): Promise<SshKeyList> {
    return this._requests.json({ path: ['ssh-keys'], signal: options.signal });
  }

  /** Make a key pair there. */
  async makeSshKey(name: string): Promise<SshKey> {
    return this._requests.json({
      path: ['ssh-keys'],
      method: 'POST',
      body: { name }
    });
  }

  /** A folder of the notebook share. */
  async shareFolder(
    folder: string,
    options: IRequestOptions = {}
  ): Promise<ShareFolder> {
    return this._requests.json({
      path: ['share'],
      query: { folder },
      signal: options.signal
    });
  }

  /** The gallery of setup scripts. */
  async starters(options: IRequestOptions = {}): Promise<StarterScriptList> {
    return this._requests.json({
      path: ['setup-scripts'],
      signal: options.signal
    });
  }

  /** What a setup script would trip over. */
  async lint(
    script: LintScript,
    options: IRequestOptions = {}
  ): Promise<ScriptLint> {
    return this._requests.json({
      path: ['setup-scripts', 'lint'],
      method: 'POST',
      body: script,
      signal: options.signal
    });
  }

  /** Begin to run a setup script on the server's machine. */
  async dryRun(script: DryRunScript): Promise<Operation> {
    return this._requests.json({
      path: ['setup-scripts', 'dry-run'],
      method: 'POST',
      body: script
    });
  }
}
