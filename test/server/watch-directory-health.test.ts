import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../src/errors.ts';
import { watchDirectoryHealth } from '../../src/server/watch-directory-health.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { recordingAudit } from '../support/recording-audit.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the watch over directories', () => {
  it('records once that one stops answering, and once that it is back', async () => {
    const clock = new ManualClock();
    const audit = recordingAudit();
    let failure: GatewayError | undefined;
    const directory = {
      directory: 'corp',
      lookUp: async () => {
        if (failure !== undefined) throw failure;
      },
    };
    const directories = { ldap: [directory] } as unknown as Parameters<typeof watchDirectoryHealth>[0];
    const stop = watchDirectoryHealth(directories, { audit }, clock);
    const minute = async () => {
      clock.advance(60_000);
      await settle();
    };
    await minute();
    failure = new GatewayError('directory-unavailable');
    await minute();
    await minute();
    failure = new GatewayError('too-many-requests');
    await minute();
    assert.equal(audit.events.length, 1);
    failure = undefined;
    await minute();
    stop();
    await minute();
    assert.deepEqual(
      audit.events.map((event) => event.type === 'directory.health' && `${event.directory} ${event.state}`),
      ['corp down', 'corp up'],
    );
  });
});
