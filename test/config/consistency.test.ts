import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigError } from '../../src/config/index.ts';
import { accepted, mistakes } from './read-text.ts';

function refused(text: string, path: string, says: RegExp, environment?: Record<string, string>): void {
  const found = mistakes(text, environment);
  assert.deepEqual(
    found.map((issue) => issue.path),
    [path],
    JSON.stringify(found),
  );
  assert.match(new ConfigError(found).message, says);
}

const applications = (...list: string[]): string =>
  `applications:\n${list.map((each) => `  - { ${each} }`).join('\n')}`;

describe('plain HTTP', () => {
  it('is for this machine alone', () => {
    for (const host of ['localhost', '127.0.0.1', '127.8.9.1', '[::1]', 'gateway.localhost']) {
      assert.equal(accepted(`publicUrl: http://${host}:8080`).publicUrl, `http://${host}:8080`);
    }
    refused(
      'publicUrl: http://gateway.example.com',
      'publicUrl',
      /naming gateway\.example\.com in allowPlainHttp/,
    );
    refused('publicUrl: http://127.0.0.1.example.com', 'publicUrl', /plain HTTP/);
    refused('publicUrl: http://10.0.0.7:8080', 'publicUrl', /plain HTTP/);
  });

  it('is allowed elsewhere by naming the host', () => {
    accepted('publicUrl: http://gateway.lab:8080\nallowPlainHttp: [Gateway.Lab]');
    accepted('publicUrl: http://10.0.0.7:8080\nallowPlainHttp: [10.0.0.7]');
    refused('publicUrl: http://gateway.lab\nallowPlainHttp: [other.lab]', 'publicUrl', /plain HTTP/);
  });

  it('is refused for the hosts of applications and the console just the same', () => {
    refused(
      applications('name: a, host: a.example, servers: [http://b]'),
      'applications[0].host',
      /a\.example/,
    );
    refused('console: { publicUrl: http://console.example }', 'console.publicUrl', /console\.example/);
    accepted(`${applications('name: a, host: a.example, servers: [http://b]')}\nallowPlainHttp: [a.example]`);
  });
});

describe('certificates', () => {
  const tls = (files: string): string => `listen: { tls: { ${files} } }`;

  it('are each cert and key, or pfx, and the first stands in for every other', () => {
    const { listen } = accepted(
      tls('pfx: a.pfx, passphraseFile: a.txt, more: [{ cert: b.pem, key: b.key }, { pfx: c.pfx }]'),
    );
    const at = (name: string): string => join('/etc/sallyport', name);
    assert.deepEqual(listen.tls?.certificates, [
      { pfx: at('a.pfx'), passphraseFile: at('a.txt') },
      { cert: at('b.pem'), key: at('b.key') },
      { pfx: at('c.pfx') },
    ]);
  });

  it('are refused when they are half, or two at once', () => {
    refused(tls('cert: a'), 'listen.tls.key', /missing: cert goes with it/);
    refused(tls('key: a'), 'listen.tls.cert', /missing: key goes with it/);
    refused(
      tls('pfx: a, cert: b, key: c'),
      'listen.tls.pfx',
      /further certificates belong under listen\.tls\.more/,
    );
    refused(tls('passphraseFile: a'), 'listen.tls', /names no certificate/);
    refused(tls('pfx: a, more: [{ cert: b }]'), 'listen.tls.more[0].key', /Add key/);
    refused(tls('pfx: a, more: [{ passphraseFile: b }]'), 'listen.tls.more[0]', /names no certificate/);
    refused(tls('more: [{ pfx: a }]'), 'listen.tls', /names no certificate/);
  });
});

describe('the port that sends people on', () => {
  const tls = 'tls: { cert: c, key: k }';

  it('is one of its own, and for a site with HTTPS', () => {
    accepted(`listen: { port: 8443, redirectFrom: 8082, ${tls} }`);
    refused(
      `listen: { port: 8443, redirectFrom: 8443, ${tls} }`,
      'listen.redirectFrom',
      /listen already listens there/,
    );
    refused(
      `listen: { port: 8443, redirectFrom: 8081, ${tls} }`,
      'console.port',
      /listen\.redirectFrom already/,
    );
    refused('listen: { redirectFrom: 8082 }', 'listen.redirectFrom', /nothing to send people on to/);
  });
});

describe('load balancers that speak the PROXY protocol', () => {
  it('are named, and may be those that speak HTTPS', () => {
    const url = 'publicUrl: https://gateway.example.com';
    accepted(`listen: { proxyProtocol: { from: [10.0.0.5, "fd00::/8"] } }\n${url}`);
    refused('listen: { proxyProtocol: { from: [] } }', 'listen.proxyProtocol.from', /too short/);
    refused('listen: { proxyProtocol: {} }', 'listen.proxyProtocol.from', /missing/);
    refused('listen: { proxyProtocol: true }', 'listen.proxyProtocol', /a map with from/);
    const byVariable = accepted('', { SALLYPORT_LISTEN_PROXY_PROTOCOL_FROM: '10.0.0.5, 10.0.0.6' });
    assert.deepEqual(byVariable.listen.proxyProtocol, { from: ['10.0.0.5', '10.0.0.6'] });
  });
});

describe('the public address', () => {
  it('must be known when the gateway listens beyond this machine', () => {
    refused('listen: { host: 0.0.0.0 }', 'publicUrl', /Add publicUrl, or listen on localhost/);
    refused('listen: { host: "::" }', 'publicUrl', /Add publicUrl/);
    accepted('listen: { host: 0.0.0.0 }\npublicUrl: http://localhost:8080');
  });

  it('is https where the gateway speaks HTTPS', () => {
    const tls = 'listen: { tls: { cert: c, key: k } }';
    refused(`${tls}\npublicUrl: http://localhost:8080`, 'publicUrl', /listen\.tls speaks HTTPS/);
    assert.equal(accepted(tls).publicUrl, 'https://localhost:8080');
  });

  it('is https only if somebody speaks HTTPS, or nobody’s cookies would ever come back', () => {
    refused('publicUrl: https://gateway.example.com', 'publicUrl', /neither listen\.tls nor a reverse proxy/);
    accepted('publicUrl: https://gateway.example.com\ntrustedProxies: [127.0.0.1]');
    accepted('publicUrl: https://gateway.example.com\nlisten: { tls: { cert: c, key: k } }');
  });

  it('is reported once when it is wrong in itself', () => {
    refused('publicUrl: nonsense\nlisten: { host: 0.0.0.0 }', 'publicUrl', /not an address/);
  });
});

describe('listeners', () => {
  it('have ports of their own', () => {
    refused('management: { port: 8080 }', 'management.port', /listen already listens there/);
    refused('management: { port: 8081 }', 'management.port', /console already listens there/);
    refused(
      'listen: { port: 8081 }\npublicUrl: http://localhost:8090',
      'console.port',
      /another port for console\.port, or for listen\.port/,
    );
    refused(
      'listen: { host: 0.0.0.0, port: 9464 }\npublicUrl: http://localhost:9464',
      'management.port',
      /listen already/,
    );
    accepted('listen: { host: 127.0.0.1 }\nmanagement: { host: 127.0.0.2.example, port: 8080 }');
  });

  it('may all let the system choose', () => {
    accepted('listen: { port: 0 }\nconsole: { port: 0 }\nmanagement: { port: 0 }');
  });

  it('never give the console the origin of the portal', () => {
    refused('console: { publicUrl: http://localhost:8080/ }', 'console.publicUrl', /origin of publicUrl too/);
  });
});

describe('directories', () => {
  it('have names of their own', () => {
    const local = '{ name: local, type: local }';
    refused(`directories: [${local}, ${local}]`, 'directories[1].name', /directories\[0\] has this name/);
  });
});

describe('applications', () => {
  it('have names of their own', () => {
    const text = applications('name: a, servers: [http://b]', 'name: a, path: /c, servers: [http://b]');
    refused(text, 'applications[1].name', /applications\[0\] has this name/);
  });

  it('have a host and path of their own, the portal’s host spelled out or not', () => {
    const route = (one: string, other: string): string =>
      applications(`name: a, ${one}, servers: [http://b]`, `name: b, ${other}, servers: [http://b]`);
    const same = /applications\[0\] has this host and path/;
    refused(route('path: /', 'path: /'), 'applications[1].path', same);
    refused(route('path: /x', 'path: /x/'), 'applications[1].path', same);
    refused(route('path: /x', 'path: /X'), 'applications[1].path', same);
    refused(route('path: /', 'path: /, host: localhost'), 'applications[1].path', same);
    accepted(route('path: /', 'path: /, host: b.localhost'));
    accepted(route('path: /', 'path: /x'));
  });

  it('leave the demonstration its place where it is switched on', () => {
    const text = (rest: string): string => `demo: true\n${applications(`${rest}, servers: [http://b]`)}`;
    refused(text('name: a'), 'applications[0].path', /demonstration is at this host and path/);
    refused(text('name: demo, path: /x'), 'applications[0].name', /demonstration has this name/);
    accepted(text('name: a, path: /x'));
    accepted(text('name: a, host: a.localhost'));
  });

  it('name each server once, and encryption only where there is some', () => {
    refused(
      applications('name: a, servers: [http://b, "http://B:80/"]'),
      'applications[0].servers[1]',
      /higher weight/,
    );
    refused(
      applications('name: a, servers: [{ url: http://b, tls: { verify: false } }]'),
      'applications[0].servers[0].tls',
      /nothing is encrypted/,
    );
  });

  it('have session and sign-out paths where requests can reach them', () => {
    const paths = (rest: string): string => applications(`name: a, path: /x, servers: [http://b], ${rest}`);
    refused(paths('sessionPaths: [/x/s, /y]'), 'applications[0].sessionPaths[1]', /at or below \/x/);
    refused(paths('signOutPaths: [/xy]'), 'applications[0].signOutPaths[0]', /Begin it with \/x\//);
    accepted(paths('sessionPaths: [/x, /x/*], signOutPaths: [/x/bye]'));
  });

  it('are compared although another section or another application is wrong', () => {
    const text = `${applications('name: a, servers: [http://b]', 'name: 3', 'name: a, path: /c, servers: [http://b]')}\nzz: 1`;
    const paths = mistakes(text).map((issue) => issue.path);
    assert.ok(paths.includes('applications[2].name'));
    assert.ok(paths.includes('applications[1].name'));
    assert.ok(paths.includes('zz'));
  });
});

describe('the master key', () => {
  const key = Buffer.alloc(32, 7).toString('base64');

  it('comes from one place', () => {
    refused('masterKeyFile: k', 'masterKeyFile', /not both/, { SALLYPORT_MASTER_KEY: key });
  });

  it('is 32 bytes in base64 or hexadecimal, or several of them', () => {
    const hex = Buffer.alloc(32, 1).toString('hex');
    for (const right of [key, hex, `${key},${hex}`, `${key}\n${hex}\n`]) {
      accepted('', { SALLYPORT_MASTER_KEY: right });
    }
    for (const wrong of ['secret', key.slice(3), `${key},short`]) {
      refused('', '', /openssl rand -base64 32/, { SALLYPORT_MASTER_KEY: wrong });
    }
  });
});
