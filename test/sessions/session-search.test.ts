import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { systemRandom } from '../../src/random.ts';
import { referenceTo, type SessionSearch, Sessions } from '../../src/sessions/index.ts';
import type { Settings } from '../../src/settings/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';
import { hour, metrics } from './token-site.ts';

const validity = {
  validityBeforeFirstSession: 3600,
  validityAfterFirstSession: 480,
  countFrom: 'first-session',
};

async function open(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const audit = recordingAudit();
  const settings = { current: () => validity as Settings, onChange: () => () => {} };
  const sessions = new Sessions({ store, settings, clock, random: systemRandom, audit, metrics });
  const grant = (name: string, displayName = name, subscription = 'default') =>
    sessions.grant({
      subscription,
      user: { key: `local:${name}`, name, displayName, directory: 'local', groups: [] },
      amr: ['pwd', 'otp'],
      shared: false,
      address: '192.0.2.1',
      browser: 'test',
    });
  const find = async (search: Partial<SessionSearch> = {}) => {
    const names: string[] = [];
    let pages = 0;
    let after: string | undefined;
    do {
      const rest = after === undefined ? {} : { after };
      const page = await sessions.search({ subscription: 'default', limit: 2, ...search, ...rest });
      assert.ok(page.items.length <= 2);
      names.push(...page.items.map(({ user }) => user.name));
      after = page.next;
      pages += 1;
    } while (after !== undefined && pages < 50);
    return names.sort().join();
  };
  return { clock, sessions, audit, grant, find };
}

describe('looking for sessions', () => {
  it('finds them by user, by the beginning of a name, and by state, page by page', async (t) => {
    const { sessions, grant, find, clock } = await open(t);
    await grant('anna', 'Anna Élise Meyer');
    await grant('anna', 'Anna Élise Meyer');
    await grant('bert', 'Bert Elias');
    const active = await grant('carla');
    await grant('anna', 'Anna of elsewhere', 'other');
    await sessions.open(referenceTo(active), clock.now());
    const ended = await grant('dora');
    await sessions.revoke(referenceTo(ended), { reason: 'ended', actor: 'local:olivia', note: 'left' });
    assert.equal(await find(), 'anna,anna,bert,carla,dora');
    assert.equal(await find({ user: 'local:anna' }), 'anna,anna');
    assert.equal(await find({ name: 'ELI' }), 'anna,anna,bert');
    assert.equal(await find({ name: 'élise m' }), '', 'each word by itself, or the whole name');
    assert.equal(await find({ name: 'anna e' }), 'anna,anna');
    assert.equal(await find({ state: 'live' }), 'anna,anna,bert,carla');
    assert.equal(await find({ state: 'active' }), 'carla');
    assert.equal(await find({ state: 'granted' }), 'anna,anna,bert');
    assert.equal(await find({ state: 'ended' }), 'dora');
    assert.equal(await find({ state: 'ended', name: 'anna' }), '');
    assert.equal(await find({ subscription: 'other' }), 'anna');
    assert.equal(await find({ subscription: 'oth' }), '');
  });

  it('takes one for ended whose time is over, whether somebody has noticed or not', async (t) => {
    const { grant, find, clock } = await open(t);
    await grant('anna');
    clock.advance(2 * hour);
    await grant('bert');
    assert.equal(await find({ state: 'live' }), 'bert');
    assert.equal(await find({ state: 'granted' }), 'bert');
    assert.equal(await find({ state: 'ended' }), 'anna');
  });

  it('tells the audit log in whose words one was ended', async (t) => {
    const { sessions, grant, audit } = await open(t);
    const session = await grant('anna');
    await sessions.revoke(referenceTo(session), {
      reason: 'administrator',
      actor: 'local:olivia',
      note: 'lost laptop',
    });
    assert.deepEqual(audit.events.at(-1), {
      type: 'session.revoked',
      user: 'local:anna',
      session: session.id,
      reason: 'administrator',
      note: 'lost laptop',
      actor: 'local:olivia',
    });
  });
});
