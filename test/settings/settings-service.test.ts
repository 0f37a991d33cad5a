import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createLog } from '../../src/audit/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { SettingsService, settingHistory } from '../../src/settings/index.ts';
import { SqliteStore, type Store } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { delivered, openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

async function site(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const audit = recordingAudit();
  const lines: string[] = [];
  const log = createLog({ destination: { write: (line) => lines.push(line) } });
  const open = async (through: Store = store) => {
    const service = await SettingsService.open({ store: through, clock, audit, log, serverName: 'here' });
    t.after(() => service.close());
    return service;
  };
  return { clock, store, audit, lines, open };
}

describe('settings', () => {
  it('are in force when the change returns, here and in every other process', async (t) => {
    const { open } = await site(t);
    const here = await open();
    const there = await open();
    const heard: string[] = [];
    there.onChange((subscription) => heard.push(`${subscription} ${there.current('default').discrepancy}`));
    const settings = await here.update('default', { discrepancy: 3, enabled: false }, 'local:root');
    assert.equal(settings.discrepancy, 3);
    assert.equal(here.current('default').discrepancy, 3);
    await delivered();
    await delivered();
    assert.deepEqual(heard, ['default 3']);
    assert.equal(there.current('default').enabled, false);
    assert.equal((await open()).current('default').discrepancy, 3);
  });

  it('of one subscription are not those of another', async (t) => {
    const { open } = await site(t);
    const service = await open();
    await service.update('acme', { digits: 8 }, 'cli');
    assert.equal(service.current('acme').digits, 8);
    assert.equal(service.current('default').digits, 6);
  });

  it('are audited key by key, from and to, by whom', async (t) => {
    const { open, audit } = await site(t);
    const service = await open();
    await service.updateTyped('default', { discrepancy: '3', enrolment: 'days(14)', digits: '6' }, 'cli');
    assert.deepEqual(audit.events, [
      {
        type: 'setting.changed',
        subscription: 'default',
        key: 'discrepancy',
        from: '480',
        to: '3',
        actor: 'cli',
      },
      {
        type: 'setting.changed',
        subscription: 'default',
        key: 'enrolment',
        from: 'open',
        to: 'days(14)',
        actor: 'cli',
      },
    ]);
  });

  it('change all together or not at all', async (t) => {
    const { open, audit, store } = await site(t);
    const service = await open();
    const before = service.current('default');
    await assert.rejects(service.update('default', { discrepancy: 3, digits: 13 }, 'cli'), {
      code: 'invalid-setting',
      params: { setting: 'digits', allowed: '4–12' },
    });
    await assert.rejects(service.updateTyped('default', { discrepancy: '3', nonsense: '1' }, 'cli'), {
      code: 'unknown-setting',
      params: { setting: 'nonsense' },
    });
    assert.equal(service.current('default'), before);
    assert.equal(await store.get('settings', 'default'), undefined);
    assert.deepEqual(audit.events, []);
  });

  it('take changes of different keys at the same moment without losing one', async (t) => {
    const { open } = await site(t);
    const [one, two] = [await open(), await open()];
    await Promise.all([
      one.update('default', { discrepancy: 3 }, 'a'),
      two.update('default', { digits: 8 }, 'b'),
      one.update('default', { driftTolerance: 1 }, 'a'),
      two.update('default', { codeLifespan: 5 }, 'b'),
    ]);
    const { discrepancy, digits, driftTolerance, codeLifespan } = (await open()).current('default');
    assert.deepEqual(
      { discrepancy, digits, driftTolerance, codeLifespan },
      {
        discrepancy: 3,
        digits: 8,
        driftTolerance: 1,
        codeLifespan: 5,
      },
    );
  });

  it('go back to their defaults one by one', async (t) => {
    const { open, audit, store } = await site(t);
    const service = await open();
    await service.update('default', { discrepancy: 3, digits: 8 }, 'cli');
    await service.reset('default', ['digits'], 'cli');
    assert.equal(service.current('default').digits, 6);
    assert.equal(service.current('default').discrepancy, 3);
    assert.deepEqual((await store.get('settings', 'default'))?.value, { discrepancy: 3 });
    assert.equal(audit.events.length, 3);
    await assert.rejects(service.reset('default', ['colour'], 'cli'), { code: 'unknown-setting' });
  });

  it('that are set to what they are write and record nothing', async (t) => {
    const { open, audit, store } = await site(t);
    const service = await open();
    await service.update('default', { digits: 8 }, 'cli');
    const version = (await store.get('settings', 'default'))?.version;
    await service.update('default', { digits: 8 }, 'cli');
    assert.equal((await store.get('settings', 'default'))?.version, version);
    assert.equal(audit.events.length, 1);
  });

  it('of a newer version survive a change by this one', async (t) => {
    const { open, store } = await site(t);
    await store.put('settings', 'default', { colour: 'teal', digits: 8 });
    await (await open()).update('default', { discrepancy: 3 }, 'cli');
    assert.deepEqual((await store.get('settings', 'default'))?.value, {
      colour: 'teal',
      digits: 8,
      discrepancy: 3,
    });
  });

  it('that cannot be read stay shut when another one is changed, and the log says so', async (t) => {
    const { open, store, lines } = await site(t);
    await store.put('settings', 'default', 'garbage');
    const service = await open();
    assert.match(lines.join(''), /cannot be read/);
    assert.equal(service.current('default').unlistedUsers, 'deny');
    await service.update('default', { digits: 8 }, 'cli');
    assert.equal(service.current('default').unlistedUsers, 'deny');
    assert.equal(service.current('default').digits, 8);
    assert.ok(service.describe('default').every((view) => !view.unreadable));
  });

  it('are shown with value, default, unit and range', async (t) => {
    const { open, store } = await site(t);
    await store.put('settings', 'default', { digits: 'six', discrepancy: 3 });
    const views = (await open()).describe('default');
    assert.equal(views.length, 16);
    assert.deepEqual(views[2], {
      key: 'discrepancy',
      title: 'Discrepancy',
      unit: 'steps',
      range: '0–480',
      bounds: { minimum: 0, maximum: 480 },
      value: '3',
      default: '480',
      unreadable: false,
    });
    assert.equal(views.find(({ key }) => key === 'digits')?.unreadable, true);
  });

  it('are changed only by whoever has seen what is stored, and put back to a default by null', async (t) => {
    const { open } = await site(t);
    const service = await open();
    const { version, settings } = await service.read('default');
    assert.equal(version, 'absent');
    assert.equal(settings.digits, 6);
    await service.update('default', { digits: 8, discrepancy: 3 }, 'cli', version);
    const late = service.update('default', { digits: 7 }, 'cli', version);
    await assert.rejects(
      late,
      (error: unknown) => error instanceof GatewayError && error.code === 'changed-meanwhile',
    );
    const seen = await service.read('default');
    assert.equal(seen.settings.digits, 8);
    const after = await service.update('default', { digits: null, discrepancy: 4 }, 'cli', seen.version);
    assert.deepEqual([after.digits, after.discrepancy], [6, 4]);
    assert.equal(service.draft('default', { digits: '12' }).digits, 12);
    assert.equal(service.current('default').digits, 6);
    await assert.rejects(service.update('default', { nothing: null }, 'cli'), /unknown-setting/);
  });

  it('tell who changed what when, newest first, each subscription its own', async (t) => {
    const { open, store, clock } = await site(t);
    const service = await open();
    const tags = ['type:setting.changed'];
    for (const [index, subscription] of ['default', 'acme', 'default', 'default'].entries()) {
      const change = { type: 'setting.changed', subscription, key: index === 2 ? 'issuer' : 'digits' };
      await store.append(
        'audit',
        { ...change, from: '6', to: `${index}`, actor: 'cli', at: index },
        { tags },
      );
    }
    await service.update('default', { digits: 7 }, 'local:root');
    const all = await settingHistory(store, 'default', { limit: 10 });
    assert.deepEqual(
      all.items.map(({ to }) => to),
      ['3', '2', '0'],
    );
    const first = await settingHistory(store, 'default', { limit: 1, key: 'digits' });
    assert.deepEqual(
      first.items.map(({ to }) => to),
      ['3'],
    );
    const second = await settingHistory(store, 'default', { limit: 5, key: 'digits', after: first.next });
    assert.deepEqual(
      second.items.map(({ to, at }) => [to, at]),
      [['0', 0]],
    );
    assert.ok(clock.now() > 0);
  });

  it('are read again after deafness, and until the store answers', async (t) => {
    const { open, store, clock } = await site(t);
    const fault = { down: false, hearing: () => {} };
    const through: Store = {
      ...bound(store),
      list: (collection, query) =>
        fault.down ? Promise.reject(new GatewayError('store-unavailable')) : store.list(collection, query),
      subscribe(_topic, listener) {
        fault.hearing = () => listener.hearing?.();
        return { deaf: false, close: () => {} };
      },
    };
    const service = await open(through);
    await store.put('settings', 'default', { digits: 8 });
    assert.equal(service.current('default').digits, 6);
    fault.down = true;
    fault.hearing();
    await delivered();
    assert.equal(service.current('default').digits, 6);
    fault.down = false;
    clock.advance(1_000);
    await delivered();
    assert.equal(service.current('default').digits, 8);
  });

  it('reach another process on the same file within a second', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-settings-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const { clock, audit } = await site(t);
    const log = createLog({ destination: { write: () => {} } });
    const open = async () => {
      const store = await SqliteStore.open({ path: join(folder, 'store.db'), clock });
      const service = await SettingsService.open({ store, clock, audit, log, serverName: 'here' });
      t.after(() => store.close());
      return service;
    };
    const [gateway, command] = [await open(), await open()];
    await command.updateTyped('default', { validityAfterFirstSession: '60' }, 'cli');
    const heard = new Promise<void>((resolve) => gateway.onChange(() => resolve()));
    clock.advance(1_000);
    await heard;
    assert.equal(gateway.current('default').validityAfterFirstSession, 60);
  });

  it('tell every listener, also after one that fails', async (t) => {
    const { open, lines } = await site(t);
    const service = await open();
    const heard: string[] = [];
    service.onChange(() => {
      throw new Error('no');
    });
    const stop = service.onChange((subscription) => heard.push(subscription));
    await service.update('default', { digits: 8 }, 'cli');
    assert.deepEqual(heard, ['default']);
    assert.match(lines.join(''), /listener/);
    stop();
    await service.update('default', { digits: 6 }, 'cli');
    assert.equal(heard.length, 1);
  });

  it('refuse to open on a store that does not answer', async (t) => {
    const { open, store } = await site(t);
    const through = { ...bound(store), list: () => Promise.reject(new GatewayError('store-unavailable')) };
    await assert.rejects(open(through), { code: 'store-unavailable' });
  });
});

function bound(store: Store): Store {
  return {
    get: (collection, key) => store.get(collection, key),
    getMany: (collection, keys) => store.getMany(collection, keys),
    put: (collection, key, value, options) => store.put(collection, key, value, options),
    delete: (collection, key, options) => store.delete(collection, key, options),
    list: (collection, query) => store.list(collection, query),
    append: (stream, entry, options) => store.append(stream, entry, options),
    read: (stream, query) => store.read(stream, query),
    publish: (topic, message) => store.publish(topic, message),
    subscribe: (topic, listener) => store.subscribe(topic, listener),
    health: () => store.health(),
    close: () => store.close(),
  };
}
