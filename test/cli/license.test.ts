import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commandSite } from './command-site.ts';

describe('the commands for the licence', () => {
  it('show that there is none where nobody distributes', async (t) => {
    const { runHere: run } = await commandSite(t);
    await run(['init']);
    const shown = await run(['license', 'show']);
    assert.match(shown.out, /unlimited, no licence needed/);
    assert.match(shown.out, /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]/);
    assert.match((await run(['license', 'activate', join('/', 'nowhere')])).err, /cannot be read/);
  });

  it('make a key, issue a licence for a serial number, and activate it there', async (t) => {
    const { runHere: run, configure, folder } = await commandSite(t);
    const key = join(folder, 'distributor.pem');
    const made = await run(['license', 'key', key]);
    const publicKey = made.out.trim();
    assert.match(publicKey, /^[\w-]{43}$/);
    assert.doesNotMatch(made.out + made.err, /PRIVATE KEY/);
    if (process.platform !== 'win32') assert.equal(statSync(key).mode & 0o077, 0);
    // Once more says the same, and overwrites nothing.
    assert.equal((await run(['license', 'key', key])).out.trim(), publicKey);

    configure({ licence: { publicKey } });
    await run(['init']);
    const trial = JSON.parse((await run(['license', 'show', '--json'])).out);
    assert.deepEqual([trial.kind, trial.limit, trial.users], ['trial', 10, 0]);
    const file = join(folder, 'license.lic');
    const wish = ['license', 'issue', '--key', key, '--users', '250', '--until', '2099-12-31'];
    const wrong = trial.serial.replace(/.$/, (last: string) => (last === '0' ? '1' : '0'));
    assert.match((await run([...wish, '--serial', wrong])).err, /check digit is wrong/);
    const issued = await run([...wish, '--serial', trial.serial.toLowerCase(), '--output', file]);
    assert.equal(issued.code, 0, issued.err);
    assert.match(readFileSync(file, 'utf8'), /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const activated = await run(['license', 'activate', file]);
    assert.match(activated.out, /^Activated Standard: 250 users until /);
    assert.match((await run(['license', 'show'])).out, /0 of 250/);
    const another = join(folder, 'another.pem');
    await run(['license', 'key', another]);
    await run([...wish.with(3, another), '--serial', trial.serial, '--output', file]);
    assert.match((await run(['license', 'activate', file])).err, /not signed by the distributor/);
  });

  it('refuse what cannot be in a licence', async (t) => {
    const { runHere: run, folder } = await commandSite(t);
    const key = join(folder, 'distributor.pem');
    await run(['license', 'key', key]);
    const serial = '0000-0000-0000-0';
    const wish = { key, serial, users: '5', until: '2099-12-31' };
    for (const [more, said] of [
      [{ users: '0' }, /no number of users/],
      [{ users: '1.5' }, /no number of users/],
      [{ until: '2001-01-01' }, /no date to come/],
      [{ serial: 'hello' }, /no serial number/],
      [{ key: join(folder, 'sallyport.yaml') }, /no Ed25519 private key/],
    ] as const) {
      const options = Object.entries({ ...wish, ...more }).flatMap(([name, value]) => [`--${name}`, value]);
      const refused = await run(['license', 'issue', ...options]);
      assert.notEqual(refused.code, 0);
      assert.match(refused.err, said);
    }
  });
});
