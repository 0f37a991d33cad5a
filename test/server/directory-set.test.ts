import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type DirectoryConfig, storedDirectory } from '../../src/config/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { Directories, type FirstFactor } from '../../src/first-factors/index.ts';
import { DirectorySet } from '../../src/server/directory-set.ts';
import type { OpenDirectory } from '../../src/settings/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const corp = (name: string, more: object = {}): OpenDirectory => {
  const input = {
    name,
    type: 'ldap',
    servers: ['ldaps://127.0.0.1:1'],
    baseDn: `DC=${name},DC=example`,
    ...more,
  };
  return { directory: storedDirectory.omit({ password: true }).parse(input) };
};
const local: DirectoryConfig = { name: 'local', type: 'local' };
const ofFile = (name: string, passwordFile?: string): DirectoryConfig => ({
  ...{ name, type: 'ldap', kind: 'openldap', servers: ['ldaps://127.0.0.1:1'], startTls: false },
  ...{ tls: { verify: true }, baseDn: 'DC=file', aliases: [], attributes: {}, timeout: 5, recheck: 60 },
  ...(passwordFile === undefined ? {} : { bindDn: 'CN=s', passwordFile }),
});
const nobody: FirstFactor = {
  directory: 'local',
  verify: async () => ({ result: 'refused' }),
  find: async () => undefined,
  lookUp: async () => undefined,
};

function open(t: TestContext, directories: readonly DirectoryConfig[], stored: OpenDirectory[]) {
  const listeners: (() => void)[] = [];
  const set = new DirectorySet(
    { directories },
    {
      local: nobody,
      clock: new ManualClock(),
      log: { error() {} },
      stored: {
        inForce: () => stored,
        onChange(listener) {
          listeners.push(listener);
          return () => {};
        },
      },
    },
  );
  t.after(() => set.close());
  const all = new Directories(set.named);
  set.keep(all);
  const gone: boolean[] = [];
  set.onChange((is) => gone.push(is));
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  return { set, all, stored, gone, changed };
}

describe('the directories of a site', () => {
  it('are those of the file, then those of the store, as they change', (t) => {
    const { set, stored, gone, changed } = open(t, [local, ofFile('office')], [corp('acme')]);
    assert.deepEqual(set.names, ['local', 'office', 'acme']);
    const [, acme] = set.ldap;
    stored.push(corp('beta'), corp('office'));
    changed();
    assert.deepEqual(set.names, ['local', 'office', 'acme', 'beta'], 'none takes a name of the file');
    assert.equal(set.ldap[1], acme, 'what stays the same keeps its connections');
    assert.deepEqual(gone, [false]);
    stored[0] = corp('acme', { servers: ['ldaps://127.0.0.1:2'] });
    changed();
    assert.notEqual(set.ldap[1], acme);
    stored.length = 0;
    changed();
    assert.deepEqual(set.names, ['local', 'office']);
    assert.deepEqual(gone, [false, true, true]);
  });

  it('look again as often as they are told to, without new connections', (t) => {
    const { set, stored, gone, changed } = open(t, [local], [corp('acme')]);
    const [before] = set.running;
    stored[0] = corp('acme', { recheck: 30 });
    changed();
    assert.deepEqual([before?.recheck, set.running[0]?.recheck], [60, 30]);
    assert.equal(set.running[0]?.ldap, before?.ldap);
    assert.deepEqual(gone, [false]);
  });

  it('refuse rather than lose people whose directory cannot be opened now', async (t) => {
    const { all, stored, changed } = open(t, [local], [corp('acme')]);
    stored[0] = { ...corp('acme', { bindDn: 'CN=s,DC=acme' }), unreadable: true };
    changed();
    await assert.rejects(all.find('acme:1'), (error: unknown) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.code, 'directory-unavailable');
      return true;
    });
    stored.length = 0;
    changed();
    assert.equal(await all.find('acme:1'), undefined);
  });

  it('are taken over from a changed file, all or none', (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const file = join(folder.path, 'password');
    const { set, changed } = open(t, [local], [corp('acme')]);
    assert.throws(() => set.reload({ directories: [local, ofFile('office', file)] }));
    assert.deepEqual(set.names, ['local', 'acme']);
    writeFileSync(file, 'secret\n');
    set.reload({ directories: [ofFile('office', file), local] });
    assert.deepEqual(set.names, ['office', 'local', 'acme']);
    changed();
    assert.deepEqual(set.names, ['office', 'local', 'acme']);
  });
});
