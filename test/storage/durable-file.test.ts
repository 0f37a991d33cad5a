import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { systemRandom as random } from '../../src/random.ts';
import { createFile } from '../../src/storage/durable-file.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

function folderOf(t: TestContext): string {
  const { path, remove } = scratchFolder();
  t.after(remove);
  return path;
}

/** Has one function of the file system fail as it does where there is no such thing. */
function fail(t: TestContext, name: 'linkSync' | 'renameSync', code: string): void {
  const mock = t.mock.method(fs, name, () => {
    throw Object.assign(new Error(`${code}: ${name}`), { code });
  });
  syncBuiltinESMExports();
  t.after(() => {
    mock.mock.restore();
    syncBuiltinESMExports();
  });
}

describe('a new file', () => {
  for (const code of [undefined, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EISDIR']) {
    const where = code === undefined ? 'with hard links' : `without hard links (${code})`;
    it(`is made once and whole, for its owner alone, on a file system ${where}`, (t) => {
      const folder = folderOf(t);
      if (code !== undefined) fail(t, 'linkSync', code);
      const path = join(folder, 'master.key');
      assert.equal(createFile(path, 'first', random), true);
      assert.equal(createFile(path, 'second', random), false);
      assert.equal(fs.readFileSync(path, 'utf8'), 'first');
      if (process.platform !== 'win32') assert.equal(fs.statSync(path).mode & 0o777, 0o600);
      assert.deepEqual(fs.readdirSync(folder), ['master.key']);
    });
  }

  it('leaves nothing behind when it can be neither linked nor put in place', (t) => {
    const folder = folderOf(t);
    fail(t, 'linkSync', 'EPERM');
    fail(t, 'renameSync', 'EIO');
    assert.throws(() => createFile(join(folder, 'master.key'), 'first', random), /EIO/);
    assert.deepEqual(fs.readdirSync(folder), []);
  });
});
