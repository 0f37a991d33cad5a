import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { subscription } from '../../src/server/index.ts';
import { password, type Site, startSite } from '../support/site.ts';

/** Every file below the data folder but the key that seals the secrets, as bytes. */
const dataOf = (folder: string): Buffer =>
  Buffer.concat(
    readdirSync(folder)
      .filter((name) => name !== 'master.key')
      .map((name) => readFileSync(join(folder, name))),
  );

describe('what signing in leaves behind', () => {
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.stop());

  it('threat 21: has no password, code, key, token, ticket or recovery code in clear: log, audit, metrics, answers, store, backup', async () => {
    const wrong = 'a very wrong passphrase';
    const next = 'an entirely new passphrase';
    const secrets = new Map<string, string>([
      ['the password', password],
      ['the wrong password', wrong],
      ['the new password', next],
      ['the ticket of the owner', site.gateway.ownerLink?.split('#')[1] ?? 'no ticket'],
    ]);
    const answers: string[] = [];
    const noted = <Answer extends { text: string }>(answer: Answer): Answer => {
      answers.push(answer.text);
      return answer;
    };

    await site.addUser('anna');
    const anna = site.client();
    noted(await anna.call('POST', 'sign-in', { username: 'anna', password: wrong }));
    noted(await anna.call('POST', 'sign-in', { username: 'anna', password }));
    secrets.set('the pending token', anna.cookie('sallyport-pending') ?? 'no cookie');
    const done = await anna.enrol();
    secrets.set('the key of the app', anna.secret);
    done.json.recoveryCodes.forEach((code: string, index: number) => {
      secrets.set(`recovery code ${index}`, code);
      secrets.set(`recovery code ${index} without groups`, code.replaceAll('-', ''));
    });
    secrets.set('the session token', anna.cookie('sallyport-session') ?? 'no cookie');
    secrets.set('the known device', anna.cookie('sallyport-device') ?? 'no cookie');
    const tunnel = await anna.open('/session');
    secrets.set('the assertion', 'eyJ');
    site.clock.advance(60_000);

    const again = site.client();
    again.secret = anna.secret;
    noted(await again.call('POST', 'sign-in', { username: 'anna', password }));
    noted(await again.call('POST', 'sign-in/verify', { method: 'app', code: '000000' }));
    secrets.set('the code', again.code());
    noted(await again.call('POST', 'sign-in/verify', { method: 'app', code: again.code() }));
    noted(await again.call('POST', 'account/password', { current: password, next }));
    tunnel.close();
    await site.gateway.rooms.audit.flush();

    const metrics = await (await fetch(`http://127.0.0.1:${site.managementPort}/metrics`)).text();
    const audit = await site.gateway.rooms.store.read('audit', { limit: 1000 });
    assert.ok(audit.items.length > 8, 'the audit log was read');
    const backup = join(site.folder, 'backup.db');
    await site.gateway.rooms.database.backup(backup);
    const places: [string, Buffer][] = [
      ['the log', Buffer.from(site.log())],
      ['the audit log', Buffer.from(JSON.stringify(audit.items))],
      ['the metrics', Buffer.from(metrics)],
      ['the answers', Buffer.from(answers.join('\n'))],
      ['the store', dataOf(join(site.folder, 'data'))],
      ['the backup', readFileSync(backup)],
    ];
    const found: string[] = [];
    for (const [name, secret] of secrets) {
      assert.ok(secret.length >= 3 && !secret.startsWith('no '), `${name} is known to the test`);
      for (const [place, bytes] of places) {
        // Six digits alone may be part of any number in a file; as a text of its own they may not be there.
        const written = name === 'the code' ? `"${secret}"` : secret;
        if (bytes.includes(written)) found.push(`${name} in ${place}`);
      }
    }
    assert.deepEqual(found, []);
  });

  it('threat 22: whether a name exists shows neither in words, status, headers nor size, and not by being locked', async () => {
    await site.addUser('bert');
    const shape = async (username: string) => {
      const answer = await site.client().call('POST', 'sign-in', { username, password: 'not the password' });
      const { date, ...headers } = answer.headers;
      return { status: answer.status, headers, text: answer.text };
    };
    for (let tries = 0; tries < 12; tries += 1) {
      const [known, unknown] = [await shape('bert'), await shape('nobody-at-all')];
      assert.deepEqual(unknown, known, `after ${tries} tries`);
    }
    const locked = await shape('bert');
    assert.equal(locked.status, 429, 'unknown names count like known ones');
    assert.deepEqual(await shape('NOBODY-at-all'), locked);
    const user = await site.gateway.rooms.local.lookUp('bert');
    assert.ok((await site.gateway.rooms.throttle.locks(subscription, user?.key ?? '')).password);
  });
});
