import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { type Config, ConfigError, loadConfig, Secret } from '../../src/config/index.ts';
import { accepted } from './read-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-config-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function errorOf(task: () => Config): ConfigError {
  try {
    task();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no ConfigError');
}

describe('a newcomer without a file', () => {
  const config = loadConfig({ environment: {}, folder });

  it('listens on this machine alone, with the demonstration application', () => {
    assert.deepEqual(config.listen, { host: 'localhost', port: 8080, hsts: 31_536_000 });
    assert.equal(config.publicUrl, 'http://localhost:8080');
    assert.equal(config.management.host, '127.0.0.1');
    assert.equal(config.demo, true);
    assert.deepEqual(config.applications, []);
    assert.equal(config.file, undefined);
  });

  it('signs in local users and keeps everything in data/ of the working directory', () => {
    assert.deepEqual(config.directories, [{ name: 'local', type: 'local' }]);
    assert.equal(config.dataDir, join(folder, 'data'));
    assert.equal(config.serverName, 'localhost');
  });
});

describe('the file', () => {
  it('is the one named, else SALLYPORT_CONFIG, else sallyport.yaml in the working directory', () => {
    const one = file('one/sallyport.yaml', 'serverName: usual');
    file('one/named.yaml', 'serverName: named');
    file('one/variable.yaml', 'serverName: variable');
    const at = { folder: join(folder, 'one') };
    assert.equal(loadConfig({ ...at, environment: {} }).serverName, 'usual');
    assert.equal(loadConfig({ ...at, environment: {} }).file, one);
    const environment = { SALLYPORT_CONFIG: 'variable.yaml' };
    assert.equal(loadConfig({ ...at, environment }).serverName, 'variable');
    assert.equal(loadConfig({ ...at, environment, file: 'named.yaml' }).serverName, 'named');
  });

  it('may be JSON', () => {
    const config = loadConfig({ environment: {}, file: file('site.json', '{"listen": {"port": 9000}}') });
    assert.equal(config.publicUrl, 'http://localhost:9000');
  });

  it('may be empty', () => {
    assert.equal(loadConfig({ environment: {}, file: file('empty.yaml', '') }).listen.port, 8080);
  });

  it('must be there when it was named', () => {
    const error = errorOf(() => loadConfig({ environment: {}, file: join(folder, 'none.yaml') }));
    assert.match(error.message, /none\.yaml\n {2}There is no such file\./);
    assert.equal(error.exitCode, 78);
  });

  it('must be a text file', () => {
    const binary = join(folder, 'binary.yaml');
    writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00]));
    assert.match(errorOf(() => loadConfig({ environment: {}, file: binary })).message, /not UTF-8/);
    assert.match(errorOf(() => loadConfig({ environment: {}, file: folder })).message, /is a folder/);
  });
});

describe('relative paths', () => {
  const text = 'dataDir: state\nmasterKeyFile: ../key\nlisten: { tls: { cert: tls/c.pem, key: /k.pem } }';

  it('start from the folder of the file', () => {
    const config = accepted(text);
    assert.equal(config.dataDir, join('/etc/sallyport/state'));
    assert.equal(config.masterKeyFile, join('/etc/key'));
    assert.deepEqual(config.listen.tls, {
      certificates: [{ cert: join('/etc/sallyport/tls/c.pem'), key: join('/k.pem') }],
    });
  });

  it('start from the working directory where a variable names them', () => {
    const config = accepted(text, { SALLYPORT_DATA_DIR: 'mine', SALLYPORT_LISTEN_TLS_KEY: 'k' });
    assert.equal(config.dataDir, join('/srv/mine'));
    assert.deepEqual(config.listen.tls, {
      certificates: [{ cert: join('/etc/sallyport/tls/c.pem'), key: join('/srv/k') }],
    });
  });
});

describe('what the rooms are given', () => {
  it('has origins without a slash, hosts in lower case, and every default', () => {
    const config = accepted(`
publicUrl: https://Gateway.Example.com:443/
trustedProxies: [10.0.0.1]
applications:
  - name: desktops
    servers: [http://A.example:80, { url: https://b.example:8443, weight: 2, tls: { ca: ca.pem } }]
  - { name: payroll, title: Payroll, host: Payroll.Example.com, path: /app/, servers: [http://c], tunnel: { idle: 60 } }
`);
    assert.equal(config.publicUrl, 'https://gateway.example.com');
    assert.equal(config.serverName, 'gateway.example.com');
    const [desktops, payroll] = config.applications;
    assert.deepEqual(desktops, {
      name: 'desktops',
      title: 'desktops',
      path: '/',
      origin: 'https://gateway.example.com',
      servers: [
        { url: 'http://a.example', weight: 1, drain: false },
        {
          url: 'https://b.example:8443',
          weight: 2,
          drain: false,
          tls: { verify: true, ca: join('/etc/sallyport/ca.pem') },
        },
      ],
      sessionPaths: [],
      sessionSilence: 300,
      signOutPaths: [],
      timeouts: { connect: 10, response: 60, idle: 300 },
      tunnel: {},
      identityHeaders: true,
    });
    assert.equal(payroll?.host, 'payroll.example.com');
    assert.equal(payroll?.origin, 'https://payroll.example.com');
    assert.equal(payroll?.path, '/app');
    assert.equal(config.demo, false);
  });

  it('names an application on the portal’s own host without a host', () => {
    const config = accepted('applications: [{ name: a, host: localhost, servers: [http://b] }]');
    assert.equal(config.applications[0]?.host, undefined);
    assert.equal(config.applications[0]?.origin, 'http://localhost:8080');
  });

  it('is frozen through and through', () => {
    const config = accepted('applications: [{ name: a, servers: [http://b], allow: { groups: [staff] } }]');
    const seen: unknown[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      seen.push(value);
      assert.ok(Object.isFrozen(value));
      for (const each of Object.values(value)) visit(each);
    };
    visit(config);
    assert.ok(seen.length > 12);
  });

  it('takes keys whose every line is commented out as absent', () => {
    const config = accepted(
      'listen:\n  tls:\napplications:\n  - name: a\n    servers: [http://b]\n    allow:\n',
    );
    assert.equal(config.listen.tls, undefined);
    assert.equal(config.applications[0]?.allow, undefined);
  });

  it('has a server name that an authenticator app can show, even at an IPv6 address', () => {
    assert.equal(accepted('publicUrl: http://[::1]:8080').serverName, 'localhost');
    const long = `${'a'.repeat(60)}.example`;
    assert.equal(accepted(`publicUrl: https://${long}\ntrustedProxies: [10.0.0.1]`).serverName.length, 52);
  });
});

describe('the master key of the environment', () => {
  const key = Buffer.alloc(32, 7).toString('base64');

  it('is wrapped, so that nothing prints it', () => {
    const { masterKey, ...rest } = accepted('', { SALLYPORT_MASTER_KEY: key });
    assert.ok(masterKey instanceof Secret);
    assert.equal(masterKey.reveal(), key);
    const printed = [inspect(masterKey, { showHidden: true }), JSON.stringify({ masterKey }), `${masterKey}`];
    for (const text of [...printed, JSON.stringify(rest)]) assert.ok(!text.includes(key));
  });
});
