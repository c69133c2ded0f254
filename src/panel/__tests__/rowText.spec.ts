import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { instance, operation, stopped, vmSize } from '../../__tests__/builders';
import type { Instance } from '../../api/types';
import type { InstanceRow } from '../../model/rows';
import { costText, secondLine, stateText } from '../rowText';

const trans = nullTranslator.load('');
const NOW = Date.parse('2026-03-02T12:00:00Z');

function row(of: Instance, given: Partial<InstanceRow> = {}): InstanceRow {
  return {
    kind: 'instance',
    name: of.name,
    instance: of,
    size: vmSize('Standard_DS11_v2'),
    operation: null,
    pending: null,
    ...given
  };
}

describe('the second line of a row', () => {
  it('says state, size in human terms and uptime of what runs', () => {
    expect(secondLine(row(instance('a')), NOW, trans).text).toBe(
      'Running · 2 cores 14 GB · 4 h'
    );
  });

  it('says of what is stopped that its disk is still billed', () => {
    expect(secondLine(row(stopped('a')), NOW, trans).text).toBe(
      'Stopped · disk still billed · 2 cores 14 GB'
    );
  });

  it('says how long a change has been under way', () => {
    const starting = instance('a', {
      state: 'Starting',
      in_transition: true,
      state_since: '2026-03-02T11:59:20Z'
    });
    expect(secondLine(row(starting), NOW, trans).text).toBe('Starting… 40 s');
  });

  it('says what Azure says of a failure', () => {
    const failed = instance('a', {
      state: 'SetupFailed',
      errors: [{ code: 'E', message: 'The script exited with code 1.' }]
    });
    expect(secondLine(row(failed), NOW, trans).text).toBe(
      'SetupFailed · still billed · The script exited with code 1.'
    );
  });

  it('names the owner of what is somebody else’s, and since when it is in its state', () => {
    const line = secondLine(row(stopped('a', { mine: false })), NOW, trans);
    expect(line.text).toBe('Stopped · disk still billed · 2 cores 14 GB · Amy');
    expect(line.title).toContain('Stopped since');
  });

  it('says what was asked for until Azure shows it, and invents no state', () => {
    expect(
      stateText(row(instance('a'), { pending: 'stop' }), NOW, trans).text
    ).toBe('Stop requested…');
    expect(
      stateText(
        row(stopped('a'), {
          operation: operation('o1', { kind: 'instance.start' })
        }),
        NOW,
        trans
      ).text
    ).toBe('Start requested…');
  });

  it('names a state that this version does not know as Azure does', () => {
    expect(
      stateText(row(instance('a', { state: 'Hibernating' })), NOW, trans)
    ).toEqual({
      text: 'Hibernating',
      title: 'A state that this version does not know.'
    });
  });

  it('names the size as Azure does where nothing is known of it', () => {
    expect(
      secondLine(row(instance('a'), { size: null }), NOW, trans).text
    ).toContain('STANDARD_DS11_V2');
  });
});

describe('the cost of a row', () => {
  it('is per hour, with what it came to and where the price is from on hover', () => {
    const cost = costText(row(instance('a')), NOW, trans);
    expect(cost.text).toBe('$0.18/h');
    expect(cost.title).toContain('$0.18/h, about $0.72 since it was started.');
    expect(cost.title).toContain('Source: Azure');
  });

  it('is said to be unknown rather than guessed', () => {
    const size = vmSize('s', { price: null });
    const cost = costText(row(instance('a'), { size }), NOW, trans);
    expect(cost.text).toBe('price unknown');
    expect(cost.title).not.toContain('about');
  });

  it.each(['SetupFailed', 'UserSetupFailed', 'SettingUp', 'Restarting'])(
    'is counted in the state %s, too, as the virtual machine is on',
    state => {
      expect(
        costText(row(instance('a', { state })), NOW, trans).title
      ).toContain('about $0.72 since it was started.');
    }
  );

  it('of what is unusable is not said to be nothing', () => {
    const unusable = instance('a', { state: 'Unusable' });
    expect(costText(row(unusable), NOW, trans).title).toContain(
      '$0.18/h, if the virtual machine is still on.'
    );
  });

  it('of what is stopped is only what it would be', () => {
    const cost = costText(row(stopped('a')), NOW, trans);
    expect(cost.text).toBe('disk billed');
    expect(cost.title).toContain('$0.18/h while it runs.');
  });
});
