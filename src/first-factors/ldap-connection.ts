import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Client } from 'ldapts';
import type { LdapServerOptions } from './ldap-options.ts';

/** Milliseconds of silence after which a connection is probed: firewalls forget idle ones. */
const keepAlive = 60_000;

/** An open connection, and how to end it at once. */
export type LdapConnection = { readonly client: Client; end(): void };

/**
 * One connection to one directory server, encrypted as configured and not bound yet. It never reconnects: the
 * library would do so without binding again, and a question asked anonymously has other answers. Rejects when the
 * server can't be reached or shows a wrong certificate. `signal` ends the attempt.
 */
export async function connectLdap(
  url: string,
  options: Pick<LdapServerOptions, 'startTls' | 'tls'>,
  signal: AbortSignal,
): Promise<LdapConnection> {
  const { Client } = await import('ldapts');
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = protocol === 'ldaps:';
  const target = { host, port: port === '' ? (secure ? 636 : 389) : Number(port) };
  const socket = secure
    ? connectTls({ ...tlsOptions(host, options.tls), ...target })
    : connectPlain({ ...target, noDelay: true });
  socket.on('error', () => {});
  socket.setKeepAlive(true, keepAlive);
  try {
    await once(socket, secure ? 'secureConnect' : 'connect', { signal });
    const client = new Client({ url: 'ldap://unused', createConnection: onlyOnce(socket) });
    if (!secure && options.startTls) await client.startTLS(tlsOptions(host, options.tls));
    return { client, end: () => socket.destroy() };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function onlyOnce(socket: Socket): () => Socket {
  let used = false;
  return () => {
    if (used) throw new Error('the connection to the directory has ended');
    used = true;
    return socket;
  };
}

function tlsOptions(host: string, { ca, verify, serverName }: LdapServerOptions['tls']): ConnectionOptions {
  const name = serverName ?? host;
  return {
    host: name,
    // RFC 6066 section 3: an address is no server name.
    ...(/^[0-9.]+$|:/.test(name) ? {} : { servername: name }),
    rejectUnauthorized: verify,
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca }),
  };
}
