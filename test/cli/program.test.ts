import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeCertificate, makePfx } from '../support/certificate.ts';
import { commandSite, program } from './command-site.ts';

describe('the command line', () => {
  it('says what there is, in the language of whoever asks', async (t) => {
    const { run } = await commandSite(t);
    const english = await run(['--help']);
    assert.equal(english.code, 0);
    assert.match(english.out, /^Usage: sallyport/);
    for (const command of [
      'serve',
      'init',
      'check',
      'reload',
      'admin',
      'user',
      'enabled',
      'settings',
      'keys',
      'backup',
      'restore',
    ]) {
      assert.match(english.out, new RegExp(`^  ${command}\\b`, 'm'));
    }
    const french = await run(['user', 'reset', '--help'], { locale: 'fr_FR.UTF-8' });
    assert.match(french.out, /^Utilisation/);
    assert.match(french.out, /afficher cette aide/);
    assert.doesNotMatch(french.out, /display help|Options:$/m);
  });

  it('exits with 64 for what it does not understand, and says what', async (t) => {
    const { runHere: run } = await commandSite(t);
    const cases: [string[], RegExp][] = [
      [['bogus'], /no command bogus/],
      [['user'], /Usage: sallyport user/],
      [['user', 'add'], /argument <name> is missing/],
      [['user', 'add', 'a', 'b'], /more than this command takes/],
      [['backup'], /argument <file> is missing/],
      [['check', '--loud'], /no option --loud/],
      [['settings', 'set', 'digits'], /--default/],
      [['enabled', 'exempt', 'user', 'a', '--until', '2099-01-01'], /option --reason <text> is missing/],
    ];
    for (const [args, words] of cases) {
      const { code, out, err } = await run(args);
      assert.deepEqual([code, out], [64, ''], args.join(' '));
      assert.match(err, words);
    }
  });

  it('reports every mistake of the configuration at once and exits with 78, whatever the command', async (t) => {
    const { run, runHere, configure, dataDir } = await commandSite(t);
    configure({ listen: { port: 'many' }, publicUrl: 'ftp://x', nonsense: 1 });
    for (const args of [['check'], ['serve'], ['user', 'list'], ['reload'], ['restore', 'x', '--check']]) {
      const { code, out, err } = await (args[0] === 'serve' ? run : runHere)(args);
      assert.deepEqual([code, out], [78, ''], args.join(' '));
      for (const path of ['listen.port', 'publicUrl', 'nonsense']) assert.match(err, new RegExp(path));
    }
    assert.equal(existsSync(dataDir), false);
  });

  it('checks a configuration without making or starting anything', async (t) => {
    const { run, dataDir, configFile } = await commandSite(t);
    const { code, out } = await run(['check']);
    assert.deepEqual([code, out], [0, `${configFile} is fine: 0 applications.\n`]);
    assert.equal(existsSync(dataDir), false);
  });

  it('checks the certificate and the authorities as a start would, and reports all of them at once', async (t) => {
    const { runHere: run, configure, folder } = await commandSite(t);
    const tls = makeCertificate(folder);
    const broken = join(folder, 'broken.pem');
    writeFileSync(broken, 'no certificate');
    const server = (ca: string, index: number) => ({ url: `https://127.0.0.1:${index + 1}`, tls: { ca } });
    const use = (cert: string, authorities: string[]) =>
      configure({
        listen: { host: '127.0.0.1', port: 8443, tls: { ...tls, cert } },
        publicUrl: 'https://localhost:8443',
        applications: [{ name: 'desk', path: '/', servers: authorities.map(server) }],
      });
    use(tls.cert, [tls.cert]);
    assert.equal((await run(['check'])).code, 0);
    use(join(folder, 'none.pem'), [broken, join(folder, 'none-either.pem')]);
    const { code, out, err } = await run(['check']);
    assert.deepEqual([code, out], [78, '']);
    for (const file of ['none.pem', 'broken.pem', 'none-either.pem']) assert.ok(err.includes(file), err);
    assert.equal(err.trim().split('\n').length, 3);
    use(tls.key, [tls.cert]);
    assert.equal((await run(['check'])).code, 78);
  });

  it('warns of certificates that a start would take and browsers would not', async (t) => {
    const { runHere: run, configure, folder } = await commandSite(t);
    const site = makeCertificate(folder, 'site', 'site', { names: ['DNS:gateway.example'], days: 30 });
    const wild = makePfx(folder, 'wild', 'wild', { names: ['DNS:*.apps.example'], days: 3 });
    const again = makeCertificate(folder, 'again', 'again', { names: ['DNS:gateway.example'], days: 30 });
    const servers = ['http://127.0.0.1:1'];
    const use = (more: object[], host: string) =>
      configure({
        listen: { host: '127.0.0.1', port: 8443, tls: { ...site, more } },
        publicUrl: 'https://gateway.example:8443',
        applications: [{ name: 'desk', host, servers }],
      });
    use([wild], 'desk.apps.example');
    const soon = await run(['check']);
    assert.equal(soon.code, 0);
    assert.match(soon.err, /^Warning: .*wild\.pfx ends on \d{4}-\d\d-\d\d \d\d:\d\d [+-]\d\d:\d\d\.\n$/);
    assert.match(soon.out, /is fine: 1 application/);
    use([again], 'desk.apps.example');
    const { code, err } = await run(['check']);
    assert.equal(code, 0);
    assert.match(err, /No certificate is for desk\.apps\.example/);
    assert.match(err, /again\.pem is never shown/);
    assert.equal(err.trim().split('\n').length, 2, err);
    writeFileSync(wild.passphraseFile, 'wrong');
    use([wild], 'desk.apps.example');
    const refused = await run(['check']);
    assert.equal(refused.code, 78);
    assert.match(refused.err, /wild\.pfx: the passphrase is wrong or missing/);
  });

  it('makes no store in the wrong folder', async (t) => {
    const { runHere: run, dataDir } = await commandSite(t);
    for (const args of [
      ['user', 'list'],
      ['settings', 'get'],
      ['admin', 'create', 'x'],
      ['keys', 'rotate'],
      ['backup', 'b'],
    ]) {
      const { code, err } = await run(args);
      assert.equal(code, 1);
      assert.match(err, /no store at/);
    }
    assert.equal(existsSync(dataDir), false);
  });

  it('makes an installation once', async (t) => {
    const { run } = await commandSite(t);
    const first = await run(['init']);
    const again = await run(['init']);
    assert.deepEqual([first.code, again.code], [0, 0]);
    const id = /Installation ([\w-]{22}) was made/.exec(first.out)?.[1];
    assert.match(again.out, new RegExp(`Installation ${id} is in .* already`));
    assert.match(first.err, /master\.key/);
  });

  it('refuses clearly when the master key is missing or another one', async (t) => {
    const { run, dataDir } = await commandSite(t);
    await run(['init']);
    writeFileSync(`${dataDir}/master.key`, Buffer.alloc(32, 1).toString('base64'));
    for (const args of [['serve'], ['user', 'list'], ['init']]) {
      const { code, err } = await run(args);
      assert.equal(code, 1, args.join(' '));
      assert.match(err, /master key in .*master\.key does not belong to this store/);
      assert.doesNotMatch(err, /AQEBAQ/);
    }
  });
});

describe('an older Node.js', () => {
  it('is told which one to take, not where its syntax ended', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--no-strip-types', program, '--version'], {
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, /too old to run Sallyport.*\n.*node_modules\/\.bin\/node bin\/sallyport\.mjs/);
  });
});
