import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { issueLicence, Licence, newLicenceKey, serialNumber } from '../../src/licence/index.ts';
import { openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

const day = 86_400_000;
const { privateKey, publicKey } = newLicenceKey();

/** Whole days pass without anything else that waits for them. */
class Days {
  #now = Date.UTC(2026, 0, 1);
  #monotonic = 0;
  now = (): number => this.#now;
  monotonic = (): number => this.#monotonic;
  jump(to: number): void {
    this.#now = to;
  }
  pass(milliseconds: number): void {
    this.#now += milliseconds;
    this.#monotonic += milliseconds;
  }
}

async function openLicence(t: TestContext, { free = false } = {}) {
  const store = await openStore();
  t.after(() => store.close());
  const time = new Days();
  const installation = { id: 'an installation', createdAt: time.now() };
  const users = { enabled: 0, counted: 0 };
  const audit = recordingAudit();
  /** As another process on the same store has it. */
  const again = (): Licence =>
    new Licence({
      store,
      clock: time,
      audit,
      installation,
      publicKey: free ? undefined : publicKey,
      enabled: {
        async count(upTo) {
          users.counted += 1;
          return Math.min(users.enabled, upTo + 1);
        },
      },
    });
  const licence = again();
  const file = (more: { users?: number; days?: number; serial?: string; ago?: number } = {}): string =>
    issueLicence(
      {
        serial: more.serial ?? serialNumber(installation.id),
        users: more.users ?? 100,
        edition: 'Standard',
        until: time.now() + (more.days ?? 365) * day,
        issuedAt: time.now() - (more.ago ?? 0),
      },
      privateKey,
    );
  return { licence, again, clock: time, store, users, audit, file };
}

describe('the licence', () => {
  it('limits nothing, and reads and writes nothing, without a distributor’s key', async (t) => {
    const { licence, users, store, file } = await openLicence(t, { free: true });
    users.enabled = 1_000_000;
    assert.equal((await licence.state()).kind, 'unlimited');
    await licence.requireRoom(1_000);
    await licence.tick();
    assert.equal(users.counted, 0);
    assert.deepEqual((await store.list('licence', { limit: 9 })).items, []);
    await assert.rejects(licence.activate(file(), 'cli'), { code: 'licence-off' });
  });

  it('gives a new installation ten users for thirty days', async (t) => {
    const { licence, users, clock } = await openLicence(t);
    users.enabled = 9;
    await licence.requireRoom();
    users.enabled = 10;
    await assert.rejects(licence.requireRoom(), { code: 'licence-exhausted', params: { limit: 10 } });
    await licence.requireRoom(0);
    users.enabled = 0;
    clock.jump(clock.now() + 30 * day - 1);
    await licence.requireRoom();
    clock.jump(clock.now() + 1);
    await assert.rejects(licence.requireRoom(), { code: 'licence-expired' });
    assert.equal((await licence.state()).kind, 'trial');
  });

  it('counts several at once, and at the limit each one that comes', async (t) => {
    const { licence, users } = await openLicence(t);
    users.enabled = 7;
    await licence.requireRoom(3);
    await assert.rejects(licence.requireRoom(4), { code: 'licence-exhausted' });
  });

  it('does not last longer because the clock is set back', async (t) => {
    const { licence, clock, again } = await openLicence(t);
    clock.jump(clock.now() + 29 * day);
    await licence.tick();
    clock.jump(clock.now() - 29 * day);
    await licence.requireRoom();
    // Every day set back, and yet a day passes.
    for (let hour = 0; hour < 24; hour += 1) {
      clock.pass(3_600_000);
      clock.jump(0);
      await licence.tick();
    }
    await assert.rejects(licence.requireRoom(), { code: 'licence-expired' });
    // Another process knows it from the store.
    await assert.rejects(again().requireRoom(), { code: 'licence-expired' });
  });

  it('takes the licence of this installation, and says so in the log', async (t) => {
    const { licence, users, audit, file } = await openLicence(t);
    users.enabled = 50;
    await assert.rejects(licence.requireRoom(), { code: 'licence-exhausted' });
    const state = await licence.activate(file({ users: 51 }), 'local:olivia');
    assert.equal(state.kind, 'licensed');
    await licence.requireRoom();
    users.enabled = 51;
    await assert.rejects(licence.requireRoom(), { code: 'licence-exhausted' });
    assert.deepEqual(
      audit.events.map((event) => event.type),
      ['licence.activated'],
    );
  });

  it('ends at its end, whatever the clock says then', async (t) => {
    const { licence, clock, file } = await openLicence(t);
    await licence.activate(file({ days: 10 }), 'cli');
    clock.jump(clock.now() + 10 * day);
    await assert.rejects(licence.requireRoom(), { code: 'licence-expired' });
    clock.jump(clock.now() - 5 * day);
    await assert.rejects(licence.requireRoom(), { code: 'licence-expired' });
    await licence.activate(file({ days: 10 }), 'cli');
    await licence.requireRoom();
  });

  it('takes no other file: another’s, an old one, one that is over, one that was changed', async (t) => {
    const { licence, clock, store, file } = await openLicence(t);
    const old = file({ users: 1_000 });
    clock.jump(clock.now() + day);
    await licence.activate(file({ users: 20 }), 'cli');
    const reason = (wanted: string) => ({ code: 'licence-invalid', params: { reason: wanted } });
    await assert.rejects(licence.activate(old, 'cli'), reason('older'));
    await assert.rejects(
      licence.activate(file({ serial: serialNumber('another') }), 'cli'),
      reason('serial'),
    );
    await assert.rejects(licence.activate(file({ days: 0 }), 'cli'), reason('expired'));
    await assert.rejects(licence.activate('hello', 'cli'), reason('malformed'));
    const state = await licence.state();
    assert.equal(state.kind === 'licensed' && state.limit, 20);
    // Whoever writes into the store gains nothing either.
    await store.put('licence', 'default/file', { file: `${file({ users: 9_999 })}x`, activatedAt: 0 });
    assert.equal((await licence.state()).kind, 'trial');
  });

  it('counts everybody only near the limit', async (t) => {
    const { licence, users, clock, file } = await openLicence(t);
    await licence.activate(file({ users: 5_000 }), 'cli');
    users.enabled = 3_000;
    for (let times = 0; times < 20; times += 1) await licence.requireRoom();
    assert.equal(users.counted, 1);
    clock.pass(60_000);
    users.enabled = 4_990;
    for (let times = 0; times < 5; times += 1) await licence.requireRoom();
    assert.equal(users.counted, 6);
    users.enabled = 5_000;
    await assert.rejects(licence.requireRoom(), { code: 'licence-exhausted' });
  });
});
