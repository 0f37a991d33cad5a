import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { type CommandSite, commandSite, program } from './command-site.ts';
import { siteWith } from './enabled-site.ts';
import { openSiteRooms } from './site-rooms.ts';

const linux = { skip: process.platform !== 'linux' && 'needs script(1) of util-linux for a terminal' };

/** Runs a command in a terminal of its own; each answer is typed once its question is there. */
async function converse(site: CommandSite, args: readonly string[], answers: readonly [RegExp, string][]) {
  const command = [process.execPath, program, ...args, '--config', site.configFile].map(
    (word) => `'${word}'`,
  );
  const child = spawn('script', ['--quiet', '--return', '--command', command.join(' '), '/dev/null'], {
    cwd: site.folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TERM: 'dumb' },
    stdio: 'pipe',
  });
  let screen = '';
  const left = [...answers];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [next] = left;
    if (next === undefined || !next[0].test(screen)) return;
    left.shift();
    child.stdin.write(next[1]);
  });
  const [code] = await once(child, 'close');
  return { code, screen };
}

describe('a command in a terminal', linux, () => {
  it('asks for a password twice and never shows it', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const { code, screen } = await converse(
      site,
      ['user', 'add', 'hugo'],
      [
        [/New password: /, 'correct horse battery\r'],
        [/Once more: /, 'correct horse battery\r'],
      ],
    );
    assert.equal(code, 0, screen);
    assert.match(screen, /hugo was added/);
    assert.doesNotMatch(screen, /horse/);
    const { rooms, close } = await openSiteRooms(site);
    assert.equal((await rooms.local.verify('hugo', 'correct horse battery')).result, 'accepted');
    await close();
  });

  it('does nothing when the two differ, or at Ctrl+C', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const differ = await converse(
      site,
      ['user', 'add', 'hugo'],
      [
        [/New password: /, 'correct horse battery\r'],
        [/Once more: /, 'correct horse batteries\r'],
      ],
    );
    assert.equal(differ.code, 1);
    assert.match(differ.screen, /aren't the same/);
    const interrupted = await converse(site, ['user', 'add', 'hugo'], [[/New password: /, 'corr\u0003']]);
    assert.equal(interrupted.code, 130);
    assert.match((await site.runHere(['user', 'list'])).err, /nobody/);
  });

  it('asks for the number of many users', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const { rooms, close } = await openSiteRooms(site);
    const names = Array.from({ length: 11 }, (_, index) => `user${index}`);
    for (const name of names) await rooms.administration.users.create({ name });
    await close();
    const refused = await converse(
      site,
      ['user', 'remove', ...names],
      [[/Type that number to go on: /, 'yes\r']],
    );
    assert.equal(refused.code, 1);
    const done = await converse(
      site,
      ['user', 'remove', ...names],
      [[/Type that number to go on: /, '11\r']],
    );
    assert.equal(done.code, 0, done.screen);
    assert.match((await site.runHere(['user', 'list'])).err, /nobody/);
  });

  it('asks before an entry of the list takes somebody their second factor', async (t) => {
    const { site, enrol, appsOf } = await siteWith(t, 'ines');
    await enrol('ines');
    const question = /1 user loses .*ines[\s\S]*Type .yes. to go on: /;
    const refused = await converse(site, ['enabled', 'remove', 'everyone'], [[question, 'no\r']]);
    assert.equal(refused.code, 1);
    assert.match(refused.screen, /Nothing was changed/);
    assert.equal(await appsOf('ines'), 1);
    const done = await converse(site, ['enabled', 'remove', 'everyone'], [[question, 'yes\r']]);
    assert.equal(done.code, 0, done.screen);
    assert.equal(await appsOf('ines'), 0);
  });
});
