import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../../src/config/index.ts';
import { mistakes } from './read-text.ts';

const application = (rest: string): string => `applications: [{ name: a, servers: [http://b]${rest} }]`;
const servers = (list: string): string => `applications: [{ name: a, servers: [${list}] }]`;
const ldap = (keys: string): string => `directories: [{ name: corp, type: ldap, ${keys} }]`;
const redis = (settings: string): string => `masterKeyFile: k\nstore: { redis: ${settings} }`;

/** One wrong text, the only path it is wrong at, and what the report must say. */
const table: readonly [text: string, path: string, says: RegExp][] = [
  ['listen: { port: 70000 }', 'listen.port', /too big.*a whole number from 0 to 65535.*default, 8080/s],
  ['listen: { port: 80.5 }', 'listen.port', /a whole number/],
  ['listen: { port: "8080" }', 'listen.port', /not of the kind.*"8080"/s],
  ['listen: { host: "a b" }', 'listen.host', /neither a host name nor an IP address/],
  ['listen: { host: "localhost:80" }', 'listen.host', /without a port/],
  ['listen: 8080', 'listen', /a map with host, port, tls/],
  [
    'listen: { tls: { cert: c } }',
    'listen.tls.key',
    /This is missing: cert goes with it.*Add key, the path of a file/s,
  ],
  ['publicUrl: gateway.example.com', 'publicUrl', /not an address.*https:\/\/gateway\.example\.com/s],
  ['publicUrl: ftp://localhost', 'publicUrl', /must begin with http/],
  ['publicUrl: http://localhost/x', 'publicUrl', /path, query or fragment/],
  ['publicUrl: "http://localhost/?"', 'publicUrl', /path, query or fragment/],
  ['publicUrl: "http:localhost"', 'publicUrl', /not written like an address/],
  ['publicUrl: http://u:p@localhost', 'publicUrl', /user name or password/],
  ['trustedProxies: 10.0.0.0/8', 'trustedProxies', /a list of IP addresses and networks/],
  ['trustedProxies: [10.0.0.0/33]', 'trustedProxies[0]', /0 to 32/],
  ['trustedProxies: [10.1.2.3/8]', 'trustedProxies[0]', /10\.0\.0\.0\/8; write that/],
  ['trustedProxies: ["2001:db8::1/32"]', 'trustedProxies[0]', /2001:db8::\/32; write that/],
  ['trustedNetworks: [10.0.0.1, lan]', 'trustedNetworks[1]', /not an address or network/],
  ['trustedNetworks: [fe80::1%eth0]', 'trustedNetworks[0]', /not an address or network/],
  ['serverName: "a: b"', 'serverName', /colon/],
  ['serverName: ""', 'serverName', /too short/],
  ['dataDir: ""', 'dataDir', /too short/],
  ['demo: "yes"', 'demo', /true or false/],
  ['log: { level: loud }', 'log.level', /fatal, error, warn, info, debug, trace/],
  ['closeWhenStoreLostFor: -1', 'closeWhenStoreLostFor', /too small/],
  ['ntp: { tolerance: 5 }', 'ntp.server', /This is missing/],
  ['directories: []', 'directories', /too short/],
  ['directories: [{ name: local, type: ad }]', 'directories[0].type', /allowed: local, ldap/],
  [ldap('url: y, baseDn: dc=a, servers: ["ldaps://x"]'), 'directories[0].url', /no such setting/],
  [ldap('baseDn: corp.example, servers: ["ldaps://x"]'), 'directories[0].baseDn', /not a distinguished name/],
  [ldap('baseDn: dc=a, servers: [http://x]'), 'directories[0].servers[0]', /begin with ldaps/],
  [ldap('baseDn: dc=a, servers: ["ldaps://u:p@x"]'), 'directories[0].servers[0]', /bindDn/],
  [ldap('baseDn: dc=a, servers: ["ldaps://x/dc=a"]'), 'directories[0].servers[0]', /nothing belongs here/],
  [ldap('baseDn: dc=a, servers: ["ldap://x"]'), 'directories[0].servers[0]', /on the way can read/],
  [ldap('baseDn: dc=a, servers: ["ldaps://x"], bindDn: b'), 'directories[0].passwordFile', /go together/],
  [
    ldap('baseDn: dc=a, servers: ["ldaps://x"], attributes: { name: "a b" }'),
    'directories[0].attributes.name',
    /attribute/,
  ],
  [ldap('baseDn: dc=a, servers: ["ldaps://x"]').replace('corp', 'local'), 'directories[0].name', /local/],
  [redis('{ url: "http://r" }'), 'store.redis.url', /begin with redis:\/\/ or rediss:\/\//],
  [redis('{ url: "redis:///0" }'), 'store.redis.url', /names no host/],
  [redis('{ url: "redis://r/all" }'), 'store.redis.url', /number of a database/],
  [redis('{ url: "redis://:a%zz@r" }'), 'store.redis.url', /%25/],
  [redis('{ sentinels: [s1], name: m }'), 'store.redis.sentinels[0]', /not a host and a port/],
  [redis('{ sentinels: ["s1:0"], name: m }'), 'store.redis.sentinels[0]', /not a host and a port/],
  [redis('{ url: "redis://r", password: 12345 }'), 'store.redis.password', /quotation marks/],
  [redis('{ url: "redis://r", keyPrefix: "a*" }'), 'store.redis.keyPrefix', /Letters, digits/],
  [redis('{ url: "redis://r", commandTimeout: 0 }'), 'store.redis.commandTimeout', /from 1 to 30/],
  ['applications: [{ servers: [http://b] }]', 'applications[0].name', /This is missing/],
  ['applications: [{ name: A, servers: [http://b] }]', 'applications[0].name', /lower-case letters/],
  ['applications: [{ name: a }]', 'applications[0].servers', /Name at least one server/],
  ['applications: [{ name: a, servers: [] }]', 'applications[0].servers', /Name at least one server/],
  [servers('ws://b'), 'applications[0].servers[0]', /WebSocket server is written with http/],
  [servers('http://b/path'), 'applications[0].servers[0]', /path, query or fragment/],
  [servers('3'), 'applications[0].servers[0]', /an address .* or a map with url/],
  [servers('{ url: 3 }'), 'applications[0].servers[0].url', /not of the kind/],
  [servers('{ url: http://b, weight: 0 }'), 'applications[0].servers[0].weight', /from 1 to 100/],
  [
    servers('{ url: https://b, tls: { verify: no } }'),
    'applications[0].servers[0].tls.verify',
    /true or false/,
  ],
  [
    servers('{ url: https://b, tls: { serverName: 10.0.0.1 } }'),
    'applications[0].servers[0].tls.serverName',
    /host name/,
  ],
  [application(', path: app'), 'applications[0].path', /begins with a slash/],
  [application(', path: /a//b'), 'applications[0].path', /empty parts/],
  [application(', path: /a/../b'), 'applications[0].path', /no parts \. or \.\./],
  [application(', path: /a%2fb'), 'applications[0].path', /no %/],
  [application(', path: "/a?b"'), 'applications[0].path', /no query/],
  [application(', path: "/a*"'), 'applications[0].path', /wildcard/],
  [application(', path: /.Sallyport/x'), 'applications[0].path', /gateway's own/],
  [application(', sessionPaths: ["/a*b"]'), 'applications[0].sessionPaths[0]', /only stand at the end/],
  [application(', sessionPaths: /a'), 'applications[0].sessionPaths', /a list of paths/],
  [application(', allow: {}'), 'applications[0].allow', /names nobody/],
  [application(', allow: { groups: staff }'), 'applications[0].allow.groups', /a list of names/],
  [application(', host: "a:80"'), 'applications[0].host', /not a host name/],
  [application(', tunnel: { idle: 1 }'), 'applications[0].tunnel.idle', /too small/],
  [application(', title: "two\\nlines"'), 'applications[0].title', /line breaks/],
  ['prot: 1', 'prot', /no such setting/],
  ['listen: { prot: 1 }', 'listen.prot', /Did you mean port\?/],
  ['Listen: {}', 'Listen', /Did you mean listen\?/],
  ['trusted_proxies: []', 'trusted_proxies', /Did you mean trustedProxies\?/],
  ['cert: x', 'cert', /Did you mean listen\.tls\.cert or listen\.tls\.more\[\]\.cert or /],
  [servers('{ url: http://b, wieght: 2 }'), 'applications[0].servers[0].wieght', /Did you mean weight\?/],
  ['masterKey: x', 'masterKey', /never stands in this file/],
  ['{"__proto__": {"a": 1}}', '__proto__', /no such setting/],
  ['constructor: 1', 'constructor', /no such setting/],
  ['[]', '', /a map with listen/],
  ['"text"', '', /a map with listen/],
  ['12', '', /a map with listen/],
  ['listen: {', '', /not valid YAML/],
  ['listen: {}\nlisten: {}', '', /not valid YAML \(duplicate key\)/],
  ['a: 1\n---\nb: 2', '', /not valid YAML/],
  ['a: !evil x', '', /not valid YAML/],
];

describe('a mistake', () => {
  for (const [text, path, says] of table) {
    it(`is found in ${JSON.stringify(text)}`, () => {
      const found = mistakes(text);
      assert.deepEqual(
        found.map((issue) => issue.path),
        [path],
        JSON.stringify(found),
      );
      assert.match(new ConfigError(found).message, says);
    });
  }
});

describe('the report', () => {
  const text = [
    'listen: { port: x }',
    'dataDir:',
    'applications:',
    '  - name: Bad Name',
    '    servers:',
    '      - http://b',
    '      - { url: 7 }',
    'zzz: 1',
  ].join('\n');

  it('has every mistake at once, from top to bottom, with line and column', () => {
    const found = mistakes(text, { SALLYPORT_LOG_LEVEL: 'loud', SALLYPORT_LISTEN_PROT: '1' });
    assert.deepEqual(
      found.map(({ path, place }) => [path, place]),
      [
        ['', { variable: 'SALLYPORT_LISTEN_PROT' }],
        ['log.level', { variable: 'SALLYPORT_LOG_LEVEL' }],
        ['listen.port', { file: 'site.yaml', line: 1, column: 11 }],
        ['applications[0].name', { file: 'site.yaml', line: 4, column: 5 }],
        ['applications[0].servers[1].url', { file: 'site.yaml', line: 7, column: 11 }],
        ['zzz', { file: 'site.yaml', line: 8, column: 1 }],
      ],
    );
  });

  it('says place, path, mistake, value, what is allowed, and the remedy', () => {
    const { message } = new ConfigError(mistakes('# a comment\nlisten: { port: 99999 }'));
    assert.equal(
      message,
      [
        'The configuration has a mistake.',
        '',
        'site.yaml:2:11: listen.port',
        '  This is too big.',
        '  value:   99999',
        '  allowed: a whole number from 0 to 65535',
        '  remedy:  Correct it, or leave it out for the default, 8080.',
      ].join('\n'),
    );
  });

  it('points into what an alias stands for', () => {
    const [issue] = mistakes('x: &a { port: 0x }\nlisten: *a').filter(({ path }) => path === 'listen.port');
    assert.deepEqual(issue?.place, { file: 'site.yaml', line: 1, column: 9 });
  });

  it('reports mistakes between settings along with those in them', () => {
    const paths = mistakes(`log: { level: loud }\npublicUrl: http://gateway.example.com`).map(
      ({ path }) => path,
    );
    assert.deepEqual(paths, ['log.level', 'publicUrl']);
  });
});

describe('what is private', () => {
  const secret = 'hunter2-correct-horse';
  const texts = [
    `password: ${secret}`,
    `masterKey: ${secret}`,
    `listen: { tls: { key: 1, passphrase: ${secret} } }`,
    `publicUrl: http://admin:${secret}@gateway.example.com`,
    `publicUrl: http://admin:a/${secret}@gateway.example.com`,
    `publicUrl: 'http://admin:${secret} and more@gateway.example.com'`,
    `publicUrl: http://localhost/?token=${secret}`,
    `store: { redis: { url: "redis://:${secret}@redis.example" } }`,
    `store: { redis: { url: "redis://:${secret}@redis.example?x", password: ${secret} } }`,
    `store: { redis: { url: "redis://r", password: { a: ${secret} } } }`,
    `directories: [{ name: corp, type: ldap, password: ${secret} }]`,
    `listen: { password: [${secret}] `,
    `dataDir: { a: ${secret} }`,
    `"a\\": !${secret}`,
  ];
  for (const text of texts) {
    it(`is not repeated from ${JSON.stringify(text.replace(secret, '…'))}`, () => {
      const found = mistakes(text);
      assert.ok(found.length > 0);
      assert.ok(!new ConfigError(found).message.includes(secret));
    });
  }

  it('is not repeated from a variable', () => {
    const found = mistakes('', { SALLYPORT_MASTER_KEY: secret, SALLYPORT_PASSWORD: secret });
    assert.equal(found.length, 2);
    assert.ok(!new ConfigError(found).message.includes(secret));
  });

  it('cannot write on the terminal: control characters of values are escaped', () => {
    const { message } = new ConfigError(mistakes('log: { level: "a\\e[31m\\u202e\\u009b" }\n"\\e[2J": 1'));
    assert.doesNotMatch(message, /[^\P{Cc}\n]|\u202e/u);
  });
});
