import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type PlacedPerson, Subscriptions } from '../../src/accounts/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { delivered, openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

const log = { error: () => undefined, warn: () => undefined };

async function openSubscriptions(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  const audit = recordingAudit();
  const options = { store, clock, audit, log, directories: () => ['local', 'corp'] };
  const subscriptions = await Subscriptions.open(options);
  t.after(() => {
    subscriptions.close();
    return store.close();
  });
  return { subscriptions, options, store, audit, clock };
}

const person = (more: Partial<PlacedPerson> = {}): PlacedPerson => ({
  directory: 'corp',
  name: 'alice',
  groups: [],
  groupsComplete: true,
  ...more,
});

describe('subscriptions', () => {
  it('are one while nobody makes another, and everybody belongs to it', async (t) => {
    const { subscriptions } = await openSubscriptions(t);
    assert.equal(subscriptions.several, false);
    assert.deepEqual(
      subscriptions.all().map(({ id }) => id),
      ['default'],
    );
    assert.equal(subscriptions.of(person({ groupsComplete: false })), 'default');
  });

  it('take users by group before domain before directory', async (t) => {
    const { subscriptions } = await openSubscriptions(t);
    for (const name of ['One', 'Two', 'Three']) await subscriptions.create({ name }, 'cli');
    await subscriptions.assign('one', { kind: 'directory', value: 'corp' }, 'cli');
    await subscriptions.assign('two', { kind: 'domain', value: 'Acme.Example' }, 'cli');
    await subscriptions.assign('three', { kind: 'group', value: 'corp:Staff' }, 'cli');
    const of = (more: Partial<PlacedPerson>) => subscriptions.of(person(more));
    assert.equal(of({}), 'one');
    assert.equal(of({ name: 'alice@ACME.example' }), 'two');
    assert.equal(of({ domain: 'acme.example' }), 'two');
    assert.equal(of({ aliases: ['acme.example'] }), 'two');
    assert.equal(of({ name: 'alice@other.example', aliases: ['acme.example'] }), 'one');
    assert.equal(of({ name: 'alice@acme.example', groups: ['STAFF'] }), 'three');
    assert.equal(of({ directory: 'local', groups: ['staff'] }), 'default');
    assert.equal(of({ directory: 'local', name: 'bob' }), 'default');
  });

  it('take whoever is in two assigned groups into the one that was made first, in whatever order they come', async (t) => {
    const { subscriptions } = await openSubscriptions(t);
    for (const name of ['One', 'Two']) await subscriptions.create({ name }, 'cli');
    await subscriptions.assign('two', { kind: 'group', value: 'corp:a' }, 'cli');
    await subscriptions.assign('one', { kind: 'group', value: 'corp:b' }, 'cli');
    assert.equal(subscriptions.of(person({ groups: ['a', 'b'] })), 'one');
    assert.equal(subscriptions.of(person({ groups: ['b', 'a'] })), 'one');
  });

  it('take nobody on a guess whose groups are not fully known', async (t) => {
    const { subscriptions } = await openSubscriptions(t);
    await subscriptions.create({ name: 'One' }, 'cli');
    await subscriptions.assign('one', { kind: 'group', value: 'corp:staff' }, 'cli');
    assert.equal(subscriptions.of(person({ groupsComplete: false })), '?');
    assert.equal(subscriptions.of(person({ groupsComplete: false, groups: ['staff'] })), '?');
    assert.equal(subscriptions.of(person({ directory: 'local', groupsComplete: false })), 'default');
  });

  it('have nothing twice, and give nothing away unasked', async (t) => {
    const { subscriptions } = await openSubscriptions(t);
    for (const name of ['One', 'Two']) await subscriptions.create({ name }, 'cli');
    await subscriptions.assign('one', { kind: 'domain', value: 'acme.example' }, 'cli');
    const wish = { kind: 'domain', value: 'ACME.example' } as const;
    await assert.rejects(subscriptions.assign('two', wish, 'cli'), { code: 'assignment-taken' });
    assert.equal(subscriptions.of(person({ name: 'a@acme.example' })), 'one');
    await subscriptions.assign('two', wish, 'cli', { from: 'one' });
    assert.equal(subscriptions.of(person({ name: 'a@acme.example' })), 'two');
    assert.deepEqual(subscriptions.get('one')?.assignments, []);
  });

  it('keep everything by an id that no renaming changes and no other one is ever given', async (t) => {
    const { subscriptions } = await openSubscriptions(t);
    const { id } = await subscriptions.create({ name: 'Café Müller & Sons' }, 'cli');
    assert.equal(id, 'cafe-muller-sons');
    await subscriptions.assign(id, { kind: 'directory', value: 'corp' }, 'cli');
    await subscriptions.rename(id, 'Elsewhere', 'cli');
    assert.equal(subscriptions.of(person()), id);
    assert.equal(subscriptions.named('ELSEWHERE')?.id, id);
    await subscriptions.remove(id, 'cli');
    await assert.rejects(subscriptions.create({ name: 'Another', id }, 'cli'), { code: 'name-taken' });
    await assert.rejects(subscriptions.create({ name: 'Café Müller & Sons' }, 'cli'), { code: 'name-taken' });
  });

  it('keep out whom a deleted one has, until somebody says where they belong now', async (t) => {
    const { subscriptions } = await openSubscriptions(t);
    await subscriptions.create({ name: 'One' }, 'cli');
    await subscriptions.assign('one', { kind: 'directory', value: 'corp' }, 'cli');
    await subscriptions.remove('one', 'cli');
    assert.equal(subscriptions.get('one'), undefined);
    assert.equal(subscriptions.of(person()), 'one');
    await subscriptions.assign('default', { kind: 'directory', value: 'corp' }, 'cli');
    assert.equal(subscriptions.of(person()), 'default');
  });

  it('cannot lose `default`, nor have names that look alike', async (t) => {
    const { subscriptions } = await openSubscriptions(t);
    await assert.rejects(subscriptions.remove('default', 'cli'), { code: 'not-allowed' });
    await subscriptions.create({ name: 'One' }, 'cli');
    for (const name of ['ONE', ' one ', 'Default', 'ｏｎｅ']) {
      await assert.rejects(subscriptions.create({ name, id: 'two' }, 'cli'), { code: 'name-taken' });
    }
    for (const id of ['', 'a/b', '../x', 'A', '-a', 'a-', '?', 'x'.repeat(33)]) {
      await assert.rejects(subscriptions.create({ name: 'Two', id }, 'cli'), { code: 'invalid-request' });
    }
    await assert.rejects(subscriptions.rename('one', 'default', 'cli'), { code: 'name-taken' });
  });

  for (const [kind, value] of [
    ['directory', 'nowhere'],
    ['group', 'staff'],
    ['group', 'nowhere:staff'],
    ['group', 'corp:'],
    ['domain', 'a@b'],
    ['domain', ''],
    ['host', 'https://a/'],
    ['host', 'a b'],
  ] as const) {
    it(`do not take ${kind} "${value}"`, async (t) => {
      const { subscriptions } = await openSubscriptions(t);
      await subscriptions.create({ name: 'One' }, 'cli');
      await assert.rejects(subscriptions.assign('one', { kind, value }, 'cli'), { code: 'invalid-request' });
    });
  }

  it('say that somebody else has changed one meanwhile', async (t) => {
    const { subscriptions } = await openSubscriptions(t);
    const { revision } = await subscriptions.create({ name: 'One' }, 'cli');
    await subscriptions.rename('one', 'Eins', 'cli', revision);
    await assert.rejects(subscriptions.rename('one', 'Un', 'cli', revision), { code: 'changed-meanwhile' });
    assert.equal(subscriptions.get('one')?.name, 'Eins');
  });

  it('are followed by every process, which tells whoever listens', async (t) => {
    const { subscriptions, options } = await openSubscriptions(t);
    const other = await Subscriptions.open(options);
    t.after(() => other.close());
    let told = 0;
    other.onChange(() => {
      told += 1;
    });
    await subscriptions.create({ name: 'One' }, 'cli');
    await delivered();
    await delivered();
    assert.equal(other.get('one')?.name, 'One');
    assert.equal(told, 1);
  });

  it('do not start on a registry that cannot be read: on a guess people would enrol anew', async (t) => {
    const { options, store } = await openSubscriptions(t);
    await store.put('subscriptions', 'default/registry', { subscriptions: [{ id: 'default' }] });
    await assert.rejects(Subscriptions.open(options), { code: 'internal' });
  });

  it('are written down', async (t) => {
    const { subscriptions, audit } = await openSubscriptions(t);
    await subscriptions.create({ name: 'One' }, 'local:root');
    await subscriptions.assign('one', { kind: 'directory', value: 'corp' }, 'local:root');
    await subscriptions.remove('one', 'local:root');
    assert.deepEqual(
      audit.events.map(({ type, subscription }) => [type, subscription]),
      [
        ['subscription.created', 'one'],
        ['subscription.changed', 'one'],
        ['subscription.removed', 'one'],
      ],
    );
  });
});
