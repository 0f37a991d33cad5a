import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Started, startPinned } from './processes.ts';

const frame = (folder: string, http: string): string => `
daemon off;
master_process off;
worker_processes 1;
error_log stderr crit;
pid ${folder}/nginx.pid;
events { worker_connections 24000; }
http {
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 300s;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${http}
}
`;

async function startNginx(core: number, port: number, http: string): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  mkdirSync(join(folder, 'html'));
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, frame(folder, http));
  const answers = async (): Promise<boolean> => {
    try {
      await (await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(500) })).bytes();
      return true;
    } catch {
      return false;
    }
  };
  return startPinned(core, 'nginx', ['-e', 'stderr', '-p', folder, '-c', config], answers);
}

/** The application server: answers of 0.75 KB. */
export const startUpstream = (core: number, port: number): Promise<Started> =>
  startNginx(
    core,
    port,
    `server { listen 127.0.0.1:${port} backlog=4096; location / { default_type text/plain; return 200 "${'x'.repeat(768)}"; } }`,
  );

const headers = `
    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;`;

export type TlsFiles = { readonly cert: string; readonly key: string };

/** nginx as a plain proxy: the limit. Carries WebSockets too. With `tls` it speaks HTTPS, 1.2 and 1.3 as we do. */
export const startNginxProxy = (
  core: number,
  port: number,
  upstream: number,
  websockets: number,
  tls?: TlsFiles,
): Promise<Started> =>
  startNginx(
    core,
    port,
    `upstream app { server 127.0.0.1:${upstream}; keepalive 128; }
  upstream echo { server 127.0.0.1:${websockets}; }
  server {
    listen 127.0.0.1:${port} ${tls === undefined ? '' : 'ssl'} backlog=4096;
    ${tls === undefined ? '' : `ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key}; ssl_protocols TLSv1.2 TLSv1.3;`}
    location / { proxy_pass http://app; ${headers} proxy_set_header Connection ""; }
    location /socket { proxy_pass http://echo; ${headers} proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; proxy_read_timeout 600s; }
  }`,
  );

/** nginx that asks another service about each request, as two-factor add-ons for it do. */
export const startNginxAuthRequest = (
  core: number,
  port: number,
  upstream: number,
  auth: number,
): Promise<Started> =>
  startNginx(
    core,
    port,
    `upstream app { server 127.0.0.1:${upstream}; keepalive 128; }
  upstream auth { server 127.0.0.1:${auth}; keepalive 128; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { auth_request /auth; proxy_pass http://app; ${headers} proxy_set_header Connection ""; }
    location = /auth { internal; proxy_pass http://auth; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass_request_body off; proxy_set_header Content-Length ""; }
  }`,
  );
