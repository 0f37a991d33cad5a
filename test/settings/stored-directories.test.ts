import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type Config, loadConfig } from '../../src/config/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { StoredDirectories } from '../../src/settings/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openSealer } from '../support/open-sealer.ts';
import { delivered, openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

const config = loadConfig({ file: `${import.meta.dirname}/desk.yaml`, environment: {} });
const actor = 'local:olivia';
const corp = {
  name: 'corp',
  type: 'ldap',
  servers: ['ldaps://dc1.corp.example'],
  baseDn: 'DC=corp,DC=example',
  bindDn: 'CN=sallyport,DC=corp,DC=example',
};
const password = 'correct horse battery';

async function open(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  const sealer = openSealer(clock);
  const audit = recordingAudit();
  const log = { error() {} };
  let directories: Config['directories'] = config.directories;
  const replica = () =>
    StoredDirectories.open({ store, clock, sealer, audit, log, file: () => ({ directories }) });
  const [here, there] = [await replica(), await replica()];
  const use = (next: Config['directories']): void => {
    directories = next;
  };
  t.after(async () => {
    here.close();
    there.close();
    await store.close();
  });
  const settled = async () => {
    for (let turn = 0; turn < 20; turn += 1) await delivered();
  };
  return {
    store,
    audit,
    here,
    there,
    settled,
    use,
  };
}

const code = (wanted: string, path?: string) => (error: unknown) => {
  assert.ok(error instanceof GatewayError, String(error));
  assert.equal(error.code, wanted);
  if (path !== undefined) assert.equal(error.issues?.[0]?.path, path);
  return true;
};

describe('directories of the store', () => {
  it('are in force everywhere, and their password is sealed and never told', async (t) => {
    const { here, there, settled, store, audit } = await open(t);
    const added = await here.add({ ...corp, password }, actor);
    await settled();
    assert.equal(there.inForce()[0]?.password, password);
    assert.equal(added.hasPassword, true);
    const stored = JSON.stringify(await store.get('directories', 'default/corp'));
    for (const told of [
      stored,
      JSON.stringify(added),
      JSON.stringify(there.all),
      JSON.stringify(audit.events),
    ]) {
      assert.equal(told.includes(password), false);
    }
    await there.remove('corp', added.version, actor);
    await settled();
    assert.deepEqual(here.inForce(), []);
  });

  it('keep their password as long as it goes nowhere else, and ask for it anew otherwise', async (t) => {
    const { here } = await open(t);
    await assert.rejects(here.add(corp, actor), code('invalid-directory', 'password'));
    const { version } = await here.add({ ...corp, password }, actor);
    const renamed = await here.replace('corp', { ...corp, timeout: 9 }, version, actor);
    assert.equal(here.inForce()[0]?.password, password);
    assert.equal(here.judge({ ...corp, recheck: 30 }, 'corp').password, password);
    for (const elsewhere of [
      { servers: ['ldaps://evil.example'] },
      { servers: [...corp.servers, 'ldaps://evil.example'] },
      { bindDn: 'CN=other,DC=corp,DC=example' },
      { tls: { verify: false } },
      { tls: { serverName: 'evil.example' } },
    ]) {
      const moved = { ...corp, ...elsewhere };
      await assert.rejects(
        here.replace('corp', moved, renamed.version, actor),
        code('invalid-directory', 'password'),
      );
      assert.throws(() => here.judge(moved, 'corp'), code('invalid-directory', 'password'));
    }
    const { bindDn: _, ...anonymous } = corp;
    const last = await here.replace('corp', anonymous, renamed.version, actor);
    assert.equal(last.hasPassword, false);
  });

  it('outlive a rotation of the master key, which seals them anew without a word', async (t) => {
    const { here, there, store, settled } = await open(t);
    await here.add({ ...corp, password }, actor);
    await settled();
    const found = await store.get<Record<string, string>>('directories', 'default/corp');
    await store.put('directories', 'default/corp', {
      ...found?.value,
      sealed: 'sealed by a key that is gone',
    });
    assert.equal(there.inForce()[0]?.password, password);
    assert.equal(there.judge({ ...corp, recheck: 30 }, 'corp').password, password);
    await store.publish('directories', {});
    await settled();
    assert.equal(
      there.inForce()[0]?.unreadable,
      true,
      'what cannot be opened is not taken for what has none',
    );
  });

  it('are refused as they would be in the file', async (t) => {
    const { here } = await open(t);
    const refused: [object, string][] = [
      [{ ...corp, name: 'local' }, 'name'],
      [{ ...corp, type: 'local' }, 'type'],
      [{ ...corp, servers: ['ldap://dc1.corp.example'] }, 'servers[0]'],
      [{ ...corp, baseDn: 'corp.example' }, 'baseDn'],
      [{ ...corp, passwordFile: '/etc/shadow' }, 'passwordFile'],
      [{ ...corp, tls: { ca: '/etc/shadow' } }, 'tls.ca'],
    ];
    for (const [input, path] of refused) {
      await assert.rejects(here.add({ password, ...input }, actor), code('invalid-directory', path));
    }
    await here.add({ ...corp, password }, actor);
    await assert.rejects(here.add({ ...corp, password }, actor), code('invalid-directory', 'name'));
    await assert.rejects(
      here.replace('gone', { ...corp, password }, undefined, actor),
      code('unknown-directory'),
    );
  });

  it('change only from what was seen, and yield to those of the file', async (t) => {
    const { here, there, settled, use } = await open(t);
    const { version } = await here.add({ ...corp, password }, actor);
    await settled();
    await there.replace('corp', { ...corp, timeout: 9 }, version, actor);
    await assert.rejects(
      here.replace('corp', { ...corp, timeout: 8 }, version, actor),
      code('changed-meanwhile'),
    );
    await assert.rejects(here.remove('corp', version, actor), code('changed-meanwhile'));
    use([...config.directories, { name: 'corp', type: 'local' }]);
    assert.deepEqual(here.inForce(), []);
    assert.equal(here.all.length, 1);
  });
});
