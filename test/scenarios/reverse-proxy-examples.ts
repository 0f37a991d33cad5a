import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Running, start } from '../support/child.ts';

const example = (path: string): string =>
  readFileSync(resolve(import.meta.dirname, '../../deploy', path), 'utf8');

/** Replaces what only a site knows in an example; each of it must be there. */
function adapt(text: string, changes: readonly (readonly [from: string, to: string])[]): string {
  let adapted = text;
  for (const [from, to] of changes) {
    assert.ok(adapted.includes(from), `the example has no ${from}`);
    adapted = adapted.replaceAll(from, to);
  }
  return adapted;
}

export type FrontPorts = { https: number; http: number; first: number; second: number; management: number };
type Certificate = { cert: string; key: string };

/** Each writes the example's very text, with the ports and names of this test, and starts the real program. */
export const reverseProxies = [
  {
    name: 'nginx',
    hasLooked: () => true,
    start(folder: string, ports: FrontPorts, { cert, key }: Certificate): Running {
      const site = adapt(example('nginx/sallyport.conf'), [
        ['gateway-1:8080', `127.0.0.1:${ports.first}`],
        ['gateway-2:8080', `127.0.0.1:${ports.second}`],
        ['listen 443 ssl', `listen 127.0.0.1:${ports.https} ssl`],
        ['listen 80;', `listen 127.0.0.1:${ports.http};`],
        ['gateway.example.com accounting.example.com', 'localhost'],
        ['/etc/nginx/tls/cert.pem', cert],
        ['/etc/nginx/tls/key.pem', key],
      ]);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${folder}/${kind};`,
      );
      writeFileSync(
        join(folder, 'nginx.conf'),
        `daemon off; error_log stderr; pid ${folder}/pid; events {}
        http { access_log off; ${temporary.join(' ')} ${site} }`,
      );
      return start('nginx', ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')]);
    },
  },
  {
    name: 'caddy',
    /** It asks for health from time to time: a gateway that says it will stop gets nothing more. */
    hasLooked: (running: Running) => /health_checker/.test(running.output()),
    start(folder: string, ports: FrontPorts, { cert, key }: Certificate): Running {
      const site = adapt(example('caddy/Caddyfile'), [
        [
          'gateway.example.com, accounting.example.com {',
          `https://localhost:${ports.https} {\n\tbind 127.0.0.1\n\ttls ${cert} ${key}`,
        ],
        ['gateway-1:8080', `127.0.0.1:${ports.first}`],
        // Of an address of its own, where nothing answers for its health either.
        ['gateway-2:8080', `127.0.0.2:${ports.second}`],
        ['health_port 9464', `health_port ${ports.management}`],
      ]);
      const file = join(folder, 'Caddyfile');
      writeFileSync(
        file,
        `{\n\tadmin off\n\tdefault_sni localhost\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n${site}`,
      );
      const home = { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder };
      return start('caddy', ['run', '--config', file], { env: { ...process.env, ...home } });
    },
  },
];
