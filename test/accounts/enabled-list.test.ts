import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enable, exempt, watchExemptions } from '../../src/accounts/index.ts';
import type { Json } from '../../src/storage/index.ts';
import { delivered } from '../support/open-store.ts';
import { openSite, subscription } from './site.ts';

describe('the list of who is enabled', () => {
  it('has everyone on it in a fresh store, also in one that lost its documents', async (t) => {
    const { parts, enrolled, isRequired } = await openSite(t);
    const key = await enrolled('alice');
    assert.ok(await isRequired(key));
    assert.deepEqual((await parts.list.list(subscription, { limit: 9 })).items, [
      { subject: 'everyone', mode: 'enabled', since: 1_000 },
    ]);
    await parts.list.remove(subscription, 'everyone');
    assert.equal(await isRequired(key), false);
    assert.deepEqual((await parts.list.list(subscription, { limit: 9 })).items, []);
  });

  it('names users by key and groups by name in any spelling', async (t) => {
    const { parts, enrolled, isRequired, groups } = await openSite(t);
    await parts.list.remove(subscription, 'everyone');
    await groups.create('Staff');
    const [alice, bob] = [await enrolled('alice'), await enrolled('bob')];
    await parts.users.join(bob, 'staff');
    await enable(parts, `user:${alice}`, 'cli');
    assert.deepEqual([await isRequired(alice), await isRequired(bob)], [true, false]);
    await enable(parts, 'group:local:STAFF', 'cli');
    assert.deepEqual([await isRequired(alice), await isRequired(bob)], [true, true]);
    assert.deepEqual(
      (await parts.list.list(subscription, { prefix: 'group:', limit: 9 })).items.map(
        ({ subject }) => subject,
      ),
      ['group:local:STAFF'],
    );
  });

  for (const subject of [
    '',
    'nobody',
    'user:',
    'user:alice',
    'group:local',
    'group:LOCAL:x',
    'group:local:a/b',
    'user:local:\0',
  ]) {
    it(`does not take "${JSON.stringify(subject)}" for anybody`, async (t) => {
      const { parts, audit } = await openSite(t);
      await assert.rejects(enable(parts, subject, 'cli'), { code: 'invalid-request' });
      assert.deepEqual(audit.events, []);
    });
  }

  it('keeps since when somebody is enabled when only their method changes', async (t) => {
    const { parts, clock, audit } = await openSite(t);
    const first = await enable(parts, 'user:local:a', 'local:root');
    clock.advance(5_000);
    const second = await enable(parts, 'user:local:a', 'local:root', { method: 'email' });
    assert.equal(second.since, first.since);
    assert.equal(second.method, 'email');
    assert.deepEqual(audit.events[0], {
      type: 'list.changed',
      subject: 'user:local:a',
      from: 'absent',
      to: 'enabled',
      actor: 'local:root',
    });
  });

  it('spares only for a reason and a time, and never everyone', async (t) => {
    const { parts, clock, audit } = await openSite(t);
    const until = clock.now() + 60_000;
    for (const [subject, why] of [
      ['user:local:a', { reason: ' ', until }],
      ['user:local:a', { reason: 'x'.repeat(201), until }],
      ['user:local:a', { reason: 'a\nb', until }],
      ['user:local:a', { reason: 'kiosk', until: clock.now() }],
      ['user:local:a', { reason: 'kiosk', until: Number.NaN }],
      ['user:local:a', { reason: 'kiosk', until: Number.POSITIVE_INFINITY }],
      ['everyone', { reason: 'kiosk', until }],
    ] as const) {
      await assert.rejects(exempt(parts, subject, 'cli', why), { code: 'invalid-request' });
    }
    assert.deepEqual(audit.events, []);
    await exempt(parts, 'user:local:a', 'cli', { reason: 'kiosk', until });
    assert.deepEqual(audit.events, [
      {
        type: 'list.changed',
        subject: 'user:local:a',
        from: 'absent',
        to: 'exempt',
        reason: 'kiosk',
        until,
        actor: 'cli',
      },
    ]);
  });

  it('shuts the door again when an exemption ends, and tells every process', async (t) => {
    const { parts, clock, store, enrolled, isRequired } = await openSite(t);
    const key = await enrolled('kiosk');
    await parts.list.remove(subscription, 'everyone');
    await exempt(parts, `user:${key}`, 'cli', { reason: 'kiosk', until: clock.now() + 60_000 });
    assert.equal(await isRequired(key), false);
    const heard: Json[] = [];
    store.subscribe('accounts', { message: (message) => heard.push(message) });
    const stop = watchExemptions({ store, list: parts.list, clock });
    t.after(stop);
    clock.advance(50_000);
    await delivered();
    assert.deepEqual(heard, []);
    clock.advance(10_000);
    await delivered();
    await delivered();
    assert.deepEqual(heard, [{ everyone: true }]);
    assert.ok(await isRequired(key), 'although nothing else enables them');
    clock.advance(10_000);
    await delivered();
    assert.equal(heard.length, 1);
  });

  it('reads an entry that it does not understand as enabled', async (t) => {
    const { parts, store, enrolled, isRequired } = await openSite(t);
    const key = await enrolled('alice');
    await parts.list.remove(subscription, 'everyone');
    for (const value of [{}, { mode: 'unknown' }, { mode: 'exempt' }, { mode: 'exempt', until: 'x' }]) {
      await store.put('enabled', `default/user:${key}`, { subject: `user:${key}`, ...value });
      assert.ok(await isRequired(key), JSON.stringify(value));
    }
  });

  it('tells every process whom a change concerns', async (t) => {
    const { parts, store } = await openSite(t);
    const heard: Json[] = [];
    store.subscribe('accounts', { message: (message) => heard.push(message) });
    await enable(parts, 'user:local:a', 'cli');
    await enable(parts, 'group:local:staff', 'cli');
    await enable(parts, 'everyone', 'cli');
    await parts.list.remove(subscription, 'user:local:a');
    await delivered();
    assert.deepEqual(heard, [
      { user: 'local:a' },
      { group: 'local:staff' },
      { everyone: true },
      { user: 'local:a' },
    ]);
  });
});

describe('where an administrator says that codes go', () => {
  const user = { key: 'local:a', directory: 'local', phone: '+14155552671', email: 'a@example.com' };

  it('is the entry of the user, then the local directory, and no other one', async (t) => {
    const { parts } = await openSite(t);
    const of = (who: typeof user) => parts.list.destinations(subscription, who);
    assert.deepEqual(await of(user), { sms: '+14155552671', email: 'a@example.com' });
    const elsewhere = { ...user, key: 'corp:a', directory: 'corp' };
    assert.deepEqual(await of(elsewhere), {});
    for (const who of [user, elsewhere]) {
      const set = { phone: ' +33 6 12 34 56 78', email: ' b@Example.COM ' };
      await enable(parts, `user:${who.key}`, 'cli', set);
      assert.deepEqual(await of(who), { sms: '+33612345678', email: 'b@example.com' });
    }
    await enable(parts, `user:${user.key}`, 'cli', { phone: '' });
    assert.deepEqual(await of(user), { sms: '+14155552671', email: 'b@example.com' });
  });

  it('is of one user, and something that messages can be sent to', async (t) => {
    const { parts } = await openSite(t);
    const wish = { phone: '+33612345678' };
    for (const subject of ['everyone', 'group:local:staff']) {
      await assert.rejects(enable(parts, subject, 'cli', wish), { code: 'invalid-request' });
    }
    await assert.rejects(enable(parts, 'user:local:a', 'cli', { phone: '12' }), {
      code: 'invalid-phone-number',
    });
    await assert.rejects(enable(parts, 'user:local:a', 'cli', { email: 'a' }), { code: 'invalid-address' });
    assert.equal(await parts.list.get(subscription, 'user:local:a'), undefined);
  });
});

describe('since when a user is enabled', () => {
  it('counts from their creation, and again from a reset', async (t) => {
    const { parts, clock, enrolled } = await openSite(t);
    clock.advance(1_000);
    const key = await enrolled('alice');
    const user = await parts.users.find(key);
    assert.ok(user !== undefined);
    const created = await parts.obligations.of(subscription, user, false);
    assert.ok(created.required && created.since === clock.now() && created.rule === 'everyone');
    clock.advance(1_000);
    await parts.factors.replace(subscription, key, { apps: [], recovery: [], resetAt: clock.now() });
    const reset = await parts.obligations.of(subscription, user, false);
    assert.ok(reset.required && reset.since === clock.now());
  });
});

describe('the document of what is enrolled', () => {
  it('is saved by one of two at the same moment', async (t) => {
    const { parts, enrolled } = await openSite(t);
    const key = await enrolled('alice');
    const { factors, version } = await parts.factors.read(subscription, key);
    const save = () => parts.factors.save(subscription, key, factors, version);
    const outcomes = await Promise.allSettled([save(), save()]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await assert.rejects(parts.factors.save(subscription, key, factors, 'absent'), { code: 'conflict' });
  });

  for (const damaged of [
    null,
    7,
    'x',
    [],
    {},
    { apps: [] },
    { apps: 'x', recovery: [] },
    { apps: [{}], recovery: [] },
  ]) {
    it(`that is damaged (${JSON.stringify(damaged)}) does not look like one with nothing enrolled`, async (t) => {
      const { parts, store } = await openSite(t);
      await store.put('factors', 'default/local:a', damaged);
      await assert.rejects(parts.factors.read(subscription, 'local:a'), { code: 'internal' });
    });
  }
});
