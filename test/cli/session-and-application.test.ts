import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runProgram } from '../../src/cli/program.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { freePort } from '../support/free-port.ts';
import { type Site, startSite } from '../support/site.ts';

describe('commands about sessions and applications, beside a running gateway', () => {
  let server: ApplicationServer;
  let site: Site<Clock>;

  before(async () => {
    server = await startApplicationServer();
    const applications = [{ name: 'desk', path: '/desk', servers: [server.url] }];
    site = await startSite({ clock: systemClock, config: { applications } });
  });
  after(async () => {
    await site.stop();
    await server.close();
  });

  async function run(args: readonly string[], input = '') {
    const outcome = { code: 0, out: '', err: '' };
    const unanswered = (): never => {
      throw new Error('nobody is asked');
    };
    outcome.code = await runProgram([...args, '--config', join(site.folder, 'sallyport.yaml')], {
      version: 'test',
      locale: 'en',
      terminal: {
        interactive: false,
        say: (line: string) => {
          outcome.out += `${line}\n`;
        },
        tell: (line: string) => {
          outcome.err += `${line}\n`;
        },
        ask: unanswered,
        askHidden: unanswered,
        readAll: async () => input,
      },
    });
    return outcome;
  }

  it('list and end 2FA sessions, with a reason', async () => {
    const anna = await site.signedIn('anna');
    const listed = await run(['session', 'list', '--user', 'anna']);
    assert.equal(listed.code, 0, listed.err);
    assert.match(listed.out, /anna +nothing opened yet/);
    const [session] = JSON.parse((await run(['session', 'list', '--name', 'ann', '--json'])).out);
    assert.deepEqual([session.name, session.state], ['anna', 'granted']);
    assert.equal((await run(['session', 'end', 'anna'])).code, 64, 'it wants a reason');
    assert.equal((await run(['session', 'end', 'anna', '--reason', ' '])).code, 64);
    const one = ['session', 'end', 'anna', '--session', session.id, '--reason', 'lost laptop'];
    const ended = await run(one);
    assert.match(ended.out, /1 session of anna has ended/);
    assert.equal((await anna.get('/desk/')).status, 401);
    assert.equal((await run(one)).code, 1);
    assert.match((await run(['session', 'list', '--user', 'anna', '--state', 'ended'])).out, /anna +ended/);
    assert.equal((await run(['session', 'list', '--state', 'asleep'])).code, 64);
  });

  it('list remote sessions, and close one', async () => {
    const bert = await site.signedIn('bert');
    const tunnel = await bert.open('/desk/ws');
    const listed = await run(['session', 'list', '--remote']);
    assert.equal(listed.code, 0, listed.err);
    assert.match(listed.out, /bert +desk +http:/);
    const [shown] = JSON.parse((await run(['session', 'list', '--remote', '--json'])).out);
    const closed = await run(['session', 'close', shown.id, '--reason', 'maintenance']);
    assert.match(closed.out, /is closed/, closed.err);
    await tunnel.closed;
    assert.equal((await bert.get('/desk/')).status, 200);
    assert.equal((await run(['session', 'close', shown.id, '--reason', 'maintenance'])).code, 1);
  });

  it('add, test, change, drain and remove an application, in force on the gateway', async () => {
    const carla = await site.signedIn('carla');
    const file = join(site.folder, 'mail.yaml');
    const nobody = `http://127.0.0.1:${await freePort()}`;
    writeFileSync(file, `{ name: mail, path: /mail, servers: [${nobody}] }`);
    const tried = await run(['application', 'test', '--file', file]);
    assert.deepEqual([tried.code, /ECONNREFUSED/.test(tried.err)], [1, true], tried.err);
    writeFileSync(file, `name: mail\npath: /mail\nservers: [${server.url}]\n`);
    const added = await run(['application', 'add', file]);
    assert.match(added.out, /mail is stored/, added.err);
    const soon = async (wanted: number): Promise<void> => {
      for (let round = 0; (await carla.get('/mail/')).status !== wanted; round += 1) {
        assert.ok(round < 200, `never ${wanted}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await soon(200);
    assert.equal((await run(['application', 'test', 'mail'])).code, 0);
    assert.equal((await run(['application', 'add', file])).code, 1, 'it is there');
    const input = JSON.stringify({
      name: 'mail',
      path: '/mail',
      servers: [server.url],
      allow: { users: [] },
    });
    assert.equal((await run(['application', 'add', '-', '--replace'], input)).code, 0);
    await soon(403);

    assert.match((await run(['application', 'drain', 'desk'])).out, /takes nobody new/);
    const listed = await run(['application', 'list']);
    assert.match(listed.out, /desk .* draining +0 +file/);
    assert.match(listed.out, /mail .* up +0 +store/);
    const rows = JSON.parse((await run(['application', 'list', '--json'])).out);
    assert.deepEqual(
      rows.map(({ name, source }: { name: string; source: string }) => [name, source]),
      [
        ['desk', 'file'],
        ['mail', 'store'],
      ],
    );
    assert.equal((await run(['application', 'resume', 'desk', server.url])).code, 0);
    assert.equal((await run(['application', 'drain', 'desk', 'http://10.9.9.9'])).code, 1);

    assert.equal((await run(['application', 'remove', 'desk'])).code, 1, 'the file has it');
    assert.equal((await run(['application', 'remove', 'mail'])).code, 0);
    await soon(404);
  });

  it('refuse an application in the words of the configuration', async () => {
    const add = (application: object) => run(['application', 'add', '-'], JSON.stringify(application));
    const taken = await add({ name: 'desk', path: '/other', servers: [server.url] });
    assert.equal(taken.code, 1);
    assert.match(taken.err, /name: Another application has this name/);
    const own = await add({
      name: 'own',
      path: '/own',
      servers: [`http://localhost:${site.managementPort}`],
    });
    assert.match(own.err, /leads back to the gateway itself \(management\)/);
    assert.notEqual((await add([])).code, 0);
    assert.notEqual((await run(['application', 'add', '/nowhere.yaml'])).code, 0);
  });

  it('add, list and remove a directory, whose password comes by standard input', async () => {
    const file = join(site.folder, 'corp.yaml');
    const text = (more: string) =>
      `name: corp\ntype: ldap\nservers: [ldaps://127.0.0.1:1]\nbaseDn: DC=corp,DC=example\nbindDn: CN=s,DC=corp,DC=example\n${more}`;
    writeFileSync(file, text(''));
    assert.equal((await run(['directory', 'add', file])).code, 1, 'it needs a password');
    const added = await run(['directory', 'add', file, '--password-stdin'], 'a secret of corp\n');
    assert.match(added.out, /corp is stored/, added.err);
    const listed = await run(['directory', 'list', '--json']);
    assert.equal(listed.out.includes('a secret of corp'), false);
    assert.deepEqual(
      JSON.parse(listed.out).map(({ name, source }: { name: string; source: string }) => [name, source]),
      [
        ['local', 'file'],
        ['corp', 'store'],
      ],
    );
    writeFileSync(file, text('timeout: 3\n'));
    assert.equal((await run(['directory', 'add', file, '--replace'])).code, 0, 'the password stays');
    assert.equal((await run(['directory', 'test', 'corp'])).code, 1);
    assert.equal((await run(['directory', 'remove', 'local'])).code, 1);
    assert.equal((await run(['directory', 'remove', 'corp'])).code, 0);
  });
});
