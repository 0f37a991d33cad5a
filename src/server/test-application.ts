import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { ApplicationConfig } from '../config/index.ts';
import { applicationsOf } from './applications.ts';

/** What one application server said when it was asked. */
export type ServerFinding = {
  readonly server: string;
  /** It answered, with a status below 500, and its certificate was as it has to be. */
  readonly ok: boolean;
  readonly status?: number;
  /** Until the head of its answer. */
  readonly milliseconds?: number;
  /** Of https:// servers: `unchecked` where the application asks for no check. */
  readonly certificate?: 'verified' | 'unchecked' | 'refused';
  /** For administrators. */
  readonly reason?: string;
};

/** Milliseconds that a server gets for its answer. */
const patience = 10_000;
/** Servers asked at the same time. */
const together = 16;

/**
 * Asks every server of an application once, as its health check would: is it reached, is its certificate the right one,
 * does it answer. Throws `authority-unusable`; rejects with nothing else.
 */
export async function testApplication(application: ApplicationConfig): Promise<readonly ServerFinding[]> {
  const [site] = applicationsOf({ applications: [application] });
  const servers = [...(site?.servers ?? [])];
  const path = application.health?.path ?? application.path;
  const host = new URL(application.origin).host;
  const findings = new Map<string, ServerFinding>();
  const asker = async (): Promise<void> => {
    for (let server = servers.shift(); server !== undefined; server = servers.shift()) {
      findings.set(server.url, await ask(server, path, host));
    }
  };
  await Promise.all(Array.from({ length: together }, asker));
  return application.servers.flatMap(({ url }) => findings.get(url) ?? []);
}

type Server = {
  readonly url: string;
  readonly tls?: { readonly ca?: string; readonly verify?: boolean; readonly serverName?: string };
};

function ask({ url, tls }: Server, path: string, host: string): Promise<ServerFinding> {
  const secure = url.startsWith('https:');
  const verify = tls?.verify ?? true;
  const began = performance.now();
  const options = {
    agent: false as const,
    headers: { host, 'user-agent': 'Sallyport connection test' },
    signal: AbortSignal.timeout(patience),
    ...(secure ? { rejectUnauthorized: verify } : {}),
    ...(secure && tls?.ca !== undefined ? { ca: tls.ca } : {}),
    servername: tls?.serverName ?? new URL(url).hostname.replace(/^\[|\]$/g, ''),
  };
  return new Promise((resolve) => {
    const answered = (response: IncomingMessage): void => {
      const status = response.statusCode ?? 0;
      const milliseconds = Math.round(performance.now() - began);
      response.destroy();
      const certificate = secure
        ? { certificate: verify ? ('verified' as const) : ('unchecked' as const) }
        : {};
      resolve({ server: url, ok: status < 500, status, milliseconds, ...certificate });
    };
    const failed = (error: Error): void => {
      const refused = secure && isAboutCertificate(error);
      const reason =
        error.name === 'TimeoutError' || error.name === 'AbortError' ? 'no answer in time' : error.message;
      resolve({
        server: url,
        ok: false,
        reason: firstLine(reason),
        ...(refused ? { certificate: 'refused' } : {}),
      });
    };
    const target = new URL(path, url);
    const made = secure ? requestSecure(target, options, answered) : requestPlain(target, options, answered);
    made.on('error', failed);
    made.end();
  });
}

/** Node.js names what OpenSSL found wrong with a certificate (X509_verify_cert), and a wrong name itself. */
const isAboutCertificate = (error: Error): boolean =>
  'code' in error && /CERT|ALTNAME|SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY)/.test(String(error.code));

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').slice(0, 200);
