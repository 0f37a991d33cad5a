import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeCertificate } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { missing, withoutRoot } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { type Site, startSite } from '../support/site.ts';

const program = resolve(import.meta.dirname, '../../deploy/agents/linux/logon-agent');
const server = 'ts1.corp.example';
const scratch = scratchFolder();
const tls = makeCertificate(scratch.path);
const file = (name: string) => join(scratch.path, name);

type Ended = { readonly code: number | null; readonly milliseconds: number; readonly output: string };

/** The agent as PAM runs it. */
function run(pam: Record<string, string>, args: readonly string[] = []): Promise<Ended> {
  const begun = performance.now();
  const child = spawn(program, ['--config', file('agent.conf'), ...args], {
    env: { PAM_TYPE: 'account', PAM_SERVICE: 'xrdp-sesman', ...pam },
    cwd: scratch.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((done) =>
    child.on('close', (code) => done({ code, milliseconds: performance.now() - begun, output })),
  );
}

/** A gateway that answers everything with this; undefined: never. */
async function pretender(status: number, body: string | undefined, headers = {}): Promise<Server> {
  const options = { cert: readFileSync(tls.cert), key: readFileSync(tls.key) };
  const listening = createServer(options, (_request, response) => {
    if (body !== undefined) response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((ready) => listening.listen(0, 'localhost', ready));
  return listening;
}
const addressOf = (listening: Server): string => {
  const address = listening.address();
  return `https://localhost:${typeof address === 'object' ? address?.port : 0}`;
};

describe('the agent for Linux', { skip: missing('curl', 'pgrep') || withoutRoot() }, () => {
  let site: Site;
  const opened: Server[] = [];
  const settings = (changes: Record<string, string> = {}): void => {
    const lines = {
      gateways: site.origin,
      server,
      token_file: file('token'),
      ca_file: tls.cert,
      break_glass: 'root rescue',
      ...changes,
    };
    const text = Object.entries(lines).map(([name, value]) => `${name} = ${value}\n`);
    writeFileSync(file('agent.conf'), `# A comment.\n\n${text.join('')}`, { mode: 0o644 });
  };
  const pretend = async (status: number, body: string | undefined, headers = {}): Promise<string> => {
    const listening = await pretender(status, body, headers);
    opened.push(listening);
    return addressOf(listening);
  };
  const asked = async () => {
    const { items } = await site.gateway.rooms.store.read<Record<string, string>>('audit', {
      tags: ['type:logon.checked'],
      limit: 1,
    });
    return items[0]?.value;
  };

  before(async () => {
    site = await startSite({ tls });
    const { rooms } = site.gateway;
    const creator = (await rooms.local.lookUp('olivia'))?.key ?? '';
    const { secret } = await rooms.apiTokens.create(
      { name: 'ts1', role: 'logon-check', servers: [server], expiresAt: site.clock.now() + 86_400_000 },
      { creator, actor: creator },
    );
    writeFileSync(file('token'), `${secret}\n`, { mode: 0o600 });
    await site.addUser('alice');
    await site.addUser('bob');
    const alice = await rooms.local.lookUp('alice');
    if (alice !== undefined) await rooms.rdpWhitelist.put('default', alice, { reason: 'tests' }, 'test');
    settings();
  });
  after(async () => {
    for (const each of opened) {
      each.closeAllConnections();
      each.close();
    }
    await site.stop();
    scratch.remove();
  });

  it('lets in whom the gateway allows, and nobody else', async () => {
    assert.equal((await run({ PAM_USER: 'alice' })).code, 0);
    assert.equal((await run({ PAM_USER: 'bob' })).code, 1);
    assert.equal((await run({ PAM_USER: 'alice', PAM_SERVICE: 'sshd' })).code, 1);
    assert.equal((await run({ PAM_USER: '' })).code, 1);
  });

  it('hands over where the user sits, as data', async () => {
    await run({ PAM_USER: 'bob', PAM_SERVICE: 'sshd', PAM_RHOST: '198.51.100.7' });
    assert.deepEqual((await asked())?.origin, { address: '198.51.100.7' });
    assert.equal((await asked())?.protocol, 'ssh');
  });

  for (const name of [
    '$(touch run)',
    '`touch run`',
    "a'b; touch run",
    'a"b\\c',
    '"},"server":"ts2',
    'zoë 山',
    '--dry-run',
    '@/etc/passwd',
    '* ?',
    '%s%n',
  ]) {
    it(`takes ${JSON.stringify(name)} for a name, not for a command`, async () => {
      assert.equal((await run({ PAM_USER: name })).code, 1);
      assert.equal((await asked())?.name, name);
      assert.equal(existsSync(file('run')), false);
    });
  }

  it('refuses names with control characters without asking', async () => {
    await run({ PAM_USER: 'bob' });
    assert.equal((await run({ PAM_USER: 'alice\nbob' })).code, 1);
    assert.equal((await run({ PAM_USER: 'alice\u001b[31m' })).code, 1);
    assert.equal((await asked())?.name, 'bob');
  });

  it('leaves the console and break-glass accounts alone, gateway or not', async () => {
    settings({ gateways: `https://localhost:${await freePort()}` });
    for (const service of ['login', 'su', 'gdm-password', 'cron']) {
      assert.equal((await run({ PAM_USER: 'bob', PAM_SERVICE: service })).code, 0, service);
    }
    assert.equal((await run({ PAM_USER: 'rescue' })).code, 0);
    assert.equal((await run({ PAM_USER: 'rescue2' })).code, 1);
    assert.equal((await run({ PAM_USER: 'bob', PAM_SERVICE: 'vsftpd' })).code, 1);
    settings();
  });

  it('asks the next gateway when one is down, and nobody when all are', async () => {
    const down = `https://localhost:${await freePort()}`;
    settings({ gateways: `${down} ${await pretend(503, '{}')} ${site.origin}` });
    assert.equal((await run({ PAM_USER: 'alice' })).code, 0);
    settings({ gateways: `${down} ${down}` });
    assert.equal((await run({ PAM_USER: 'alice' })).code, 1);
    settings();
  });

  it('denies within about a second when no answer comes, or asks the next one meanwhile', async () => {
    const silent = await pretend(200, undefined);
    settings({ gateways: silent });
    const { code, milliseconds } = await run({ PAM_USER: 'alice' });
    assert.equal(code, 1);
    // Generous, since it is no benchmark: without a limit it would wait for minutes.
    assert.ok(milliseconds < 5_000, `${milliseconds} ms`);
    settings({ gateways: `${silent} ${site.origin}` });
    assert.equal((await run({ PAM_USER: 'alice' })).code, 0);
    settings();
  });

  const nonsense: readonly (readonly [string, number, string, Record<string, string>?])[] = [
    ['nothing', 200, ''],
    ['a page', 200, '<html>allow</html>'],
    ['another form', 200, '{"decision": "allow", "reason": "x"}'],
    ['two decisions', 200, '{"decision":"deny","reason":"x"}{"decision":"allow","reason":"x"}'],
    ['a decision in a reason', 200, '{"decision":"allow","reason":"x","decision":"deny"}'],
    ['an allowance with another status', 201, '{"decision":"allow","reason":"x"}'],
    ['more than is ever said', 200, `{"decision":"allow","reason":"${'x'.repeat(5000)}"}`],
    ['a redirect', 302, '', { location: 'https://localhost/' }],
  ];
  for (const [what, status, body, headers] of nonsense) {
    it(`denies when the answer is ${what}`, async () => {
      settings({ gateways: await pretend(status, body, headers) });
      assert.equal((await run({ PAM_USER: 'alice' })).code, 1);
      settings();
    });
  }

  it('trusts no gateway that cannot prove who it is, and none by plain HTTP', async () => {
    settings({ ca_file: '/etc/ssl/certs/ca-certificates.crt' });
    assert.equal((await run({ PAM_USER: 'alice' })).code, 1);
    settings({ gateways: site.origin.replace('localhost', '127.0.0.1') });
    assert.equal((await run({ PAM_USER: 'alice' })).code, 1);
    settings({ gateways: site.origin.replace('https:', 'http:') });
    assert.equal((await run({ PAM_USER: 'alice' })).code, 1);
    settings();
  });

  it('uses no token that others could read, and no settings that others could write', async () => {
    chmodSync(file('token'), 0o640);
    assert.equal((await run({ PAM_USER: 'alice' })).code, 1);
    chmodSync(file('token'), 0o600);
    chmodSync(file('agent.conf'), 0o664);
    assert.equal((await run({ PAM_USER: 'rescue' })).code, 1);
    chmodSync(file('agent.conf'), 0o644);
    assert.equal((await run({ PAM_USER: 'alice' })).code, 0);
  });

  it('refuses nobody while it only observes, and takes nothing', async () => {
    settings({ mode: 'observe' });
    const before = await asked();
    assert.equal((await run({ PAM_USER: 'bob' })).code, 0);
    assert.deepEqual(await asked(), before);
    settings({ mode: 'off' });
    assert.equal((await run({ PAM_USER: 'alice' })).code, 1);
    settings();
  });

  it('tells what the answer would be', async () => {
    const { code, output } = await run({}, ['--dry-run', 'bob', 'ssh']);
    assert.equal(code, 1);
    assert.equal(output, "refused 'bob' (sshd): click-needed\n");
    assert.match(
      (await run({}, ['--dry-run', 'alice'])).output,
      /^let in 'alice' \(xrdp-sesman\): whitelisted$/m,
    );
  });
});

describe('the installer for Linux', { skip: missing('curl', 'pgrep') || withoutRoot() }, () => {
  const below = scratchFolder();
  after(() => below.remove());
  const script = (name: string, ...args: string[]): Promise<Ended> => {
    const child = spawn(join(program, '..', name), ['--root', below.path, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    return new Promise((done) => child.on('close', (code) => done({ code, milliseconds: 0, output })));
  };
  const pam = {
    'xrdp-sesman': '@include common-auth\n@include common-account\n',
    sshd: 'auth x\naccount required pam_nologin.so\naccount include password-auth\n',
  };
  const read = (name: string): string => readFileSync(join(below.path, 'etc/pam.d', name), 'utf8');
  const wish = [
    '--gateway',
    'https://gw.example',
    '--server',
    server,
    '--token-file',
    join(below.path, 'good-token'),
  ];

  before(() => {
    mkdirSync(join(below.path, 'etc/pam.d'), { recursive: true });
    for (const [name, text] of Object.entries(pam)) writeFileSync(join(below.path, 'etc/pam.d', name), text);
    writeFileSync(join(below.path, 'good-token'), `spt_0123456789abcdef_${'x'.repeat(43)}\n`);
  });

  it('only tells what it would do in a dry run', async () => {
    const { code, output } = await script('install.sh', ...wish, '--dry-run');
    assert.equal(code, 0, output);
    assert.match(output, /would change .*xrdp-sesman/);
    assert.equal(output.includes('xxxxx'), false);
    assert.equal(read('sshd'), pam.sshd);
  });

  it('puts one line before whatever lets people in, however often it is run', async () => {
    for (const _ of [1, 2]) {
      const { code, output } = await script('install.sh', ...wish);
      assert.equal(code, 0, output);
    }
    const line = 'account required pam_exec.so quiet /usr/local/lib/sallyport/logon-agent';
    const block = `# sallyport: begin\n${line}\n# sallyport: end\n`;
    assert.equal(read('xrdp-sesman'), `@include common-auth\n${block}@include common-account\n`);
    assert.equal(
      read('sshd'),
      `auth x\n${block}account required pam_nologin.so\naccount include password-auth\n`,
    );
    assert.equal(statSync(join(below.path, 'etc/sallyport/agent.token')).mode & 0o777, 0o600);
  });

  it('is undone without a trace', async () => {
    const { code, output } = await script('uninstall.sh');
    assert.equal(code, 0, output);
    assert.equal(read('xrdp-sesman'), pam['xrdp-sesman']);
    assert.equal(read('sshd'), pam.sshd);
    assert.equal(existsSync(join(below.path, 'etc/sallyport')), false);
  });

  it('refuses what it could not use', async () => {
    assert.equal(
      (await script('install.sh', '--gateway', 'http://gw', '--server', 'x', '--token-file', '/dev/null'))
        .code,
      1,
    );
    assert.equal((await script('install.sh', ...wish.slice(0, 4), '--token-file', '/dev/null')).code, 1);
  });
});
