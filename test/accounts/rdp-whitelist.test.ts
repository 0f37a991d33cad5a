import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isWhitelisted, RdpWhitelist } from '../../src/accounts/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

describe('the whitelist of RDP clients', () => {
  it('spares a user until the very millisecond, and nobody else', () => {
    assert.equal(isWhitelisted(undefined, 5), false);
    assert.equal(isWhitelisted({}, 5), true);
    assert.equal(isWhitelisted({ until: 6 }, 5), true);
    assert.equal(isWhitelisted({ until: 5 }, 5), false);
  });

  it('needs a reason and an end that is still to come, and overwrites nothing unseen', async () => {
    const clock = new ManualClock();
    const audit = recordingAudit();
    const list = new RdpWhitelist({ store: await openStore(clock), clock, auditOf: () => audit });
    const user = { key: 'local:a', name: 'ann', displayName: 'Ann' };
    for (const wish of [
      { reason: ' ' },
      { reason: 'x'.repeat(201) },
      { reason: 'a\nb' },
      { reason: 'r', until: clock.now() },
    ]) {
      await assert.rejects(list.put('default', user, wish, 'cli'), { code: 'invalid-request' });
    }
    await list.put('default', user, { reason: 'kiosk' }, 'cli');
    const seen = String((await list.find('default', user.key))?.version);
    await list.put('default', user, { reason: 'thin client' }, 'local:olivia', seen);
    await assert.rejects(list.put('default', user, { reason: 'late' }, 'cli', seen), {
      code: 'changed-meanwhile',
    });
    assert.equal((await list.find('default', user.key))?.entry.reason, 'thin client');
    assert.equal(await list.remove('other', user.key, 'cli'), undefined);
    assert.equal((await list.remove('default', user.key, 'cli'))?.name, 'ann');
    assert.deepEqual(
      audit.events.map(
        (event) => event.type === 'rdp-whitelist.changed' && [event.how, event.reason, event.actor],
      ),
      [
        ['added', 'kiosk', 'cli'],
        ['changed', 'thin client', 'local:olivia'],
        ['removed', 'thin client', 'cli'],
      ],
    );
  });
});
