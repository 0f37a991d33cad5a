import { resolve } from 'node:path';
import type { ApplicationConfig, CertificateFiles, Config, ServerConfig, TlsConfig } from './config.ts';
import type { Path } from './config-error.ts';
import { applicationOrigin, consoleOrigin, portalOrigin } from './public-origins.ts';
import { resolveDirectory } from './resolve-directories.ts';
import { resolveRemoteDesktop } from './resolve-remote-desktop.ts';
import { resolveRedis } from './resolve-store.ts';
import { isRemoteDesktop, type ParsedApplication, type ParsedFile } from './schema.ts';
import { Secret } from './secret.ts';

export type ResolveOptions = {
  readonly file: string | undefined;
  /** The folder that a relative path of this setting starts from. */
  readonly folderOf: (path: Path) => string;
  readonly masterKey: string | undefined;
};

/** Makes the configuration of a file that passed every check. */
export function resolveConfig(parsed: ParsedFile, options: ResolveOptions): Config {
  const absolute = (path: Path, value: string): string => resolve(options.folderOf(path), value);
  const { publicUrl: _, store, masterKeyFile, ...rest } = parsed;
  const publicUrl = portalOrigin(parsed.listen, parsed.publicUrl);
  const { tls, ...listen } = parsed.listen;
  const { tls: consoleTls, networks } = parsed.console;
  return deepFreeze({
    ...rest,
    ...(options.file === undefined ? {} : { file: options.file }),
    publicUrl,
    listen: {
      ...listen,
      ...(tls === undefined ? {} : { tls: resolveTls(tls, ['listen', 'tls'], absolute) }),
    },
    console: {
      host: parsed.console.host,
      port: parsed.console.port,
      publicUrl: consoleOrigin(parsed.console),
      ...(consoleTls === undefined ? {} : { tls: resolveTls(consoleTls, ['console', 'tls'], absolute) }),
      ...(networks === undefined ? {} : { networks }),
    },
    serverName: parsed.serverName ?? nameFrom(publicUrl),
    dataDir: absolute(['dataDir'], parsed.dataDir),
    ...(store.redis === undefined ? {} : { redis: resolveRedis(store.redis, absolute) }),
    ...(masterKeyFile === undefined ? {} : { masterKeyFile: absolute(['masterKeyFile'], masterKeyFile) }),
    ...(options.masterKey === undefined ? {} : { masterKey: new Secret(options.masterKey) }),
    audit: resolveAudit(parsed.audit, absolute),
    directories: parsed.directories.map((directory, index) =>
      resolveDirectory(directory, ['directories', index], absolute),
    ),
    applications: parsed.applications.flatMap((application) =>
      isRemoteDesktop(application) ? [] : [resolveApplication(application, publicUrl, absolute)],
    ),
    remoteDesktops: parsed.applications.filter(isRemoteDesktop).map(resolveRemoteDesktop),
    demo: parsed.demo ?? parsed.applications.length === 0,
  } satisfies Config);
}

/** Issuers have at most 64 characters and no colon: ` - Sallyport` follows this name, and an IPv6 host has colons. */
function nameFrom(publicUrl: string): string {
  const host = new URL(publicUrl).hostname;
  return host.includes(':') ? 'localhost' : host.slice(0, 52);
}

type Absolute = (path: Path, value: string) => string;

function resolveAudit({ syslog, ...rest }: ParsedFile['audit'], absolute: Absolute): ParsedFile['audit'] {
  if (syslog?.ca === undefined) return { ...rest, ...(syslog === undefined ? {} : { syslog }) };
  return { ...rest, syslog: { ...syslog, ca: absolute(['audit', 'syslog', 'ca'], syslog.ca) } };
}

type ParsedTls = NonNullable<ParsedFile['listen']['tls']>;

function resolveTls({ more, ...first }: ParsedTls, at: Path, absolute: Absolute): TlsConfig {
  const resolveFiles = (at: Path, files: ParsedTls['more'][number]): CertificateFiles[] => {
    const { cert, key, pfx, passphraseFile } = files;
    const passphrase =
      passphraseFile === undefined
        ? {}
        : { passphraseFile: absolute([...at, 'passphraseFile'], passphraseFile) };
    if (pfx !== undefined) return [{ pfx: absolute([...at, 'pfx'], pfx), ...passphrase }];
    // Neither is a mistake that has been reported.
    if (cert === undefined || key === undefined) return [];
    return [{ cert: absolute([...at, 'cert'], cert), key: absolute([...at, 'key'], key), ...passphrase }];
  };
  return {
    certificates: [
      ...resolveFiles(at, first),
      ...more.flatMap((files, index) => resolveFiles([...at, 'more', index], files)),
    ],
  };
}

/** Fills in what follows from the rest; `absolute` makes paths of files absolute. */
export function resolveApplication(
  application: ParsedApplication,
  publicUrl: string,
  absolute: Absolute,
): ApplicationConfig {
  const { host, title, servers, type: _web, ...rest } = application;
  const isPortals = host === undefined || host === new URL(publicUrl).hostname;
  return {
    ...rest,
    ...(isPortals ? {} : { host }),
    title: title ?? application.name,
    servers: servers.map((server) => resolveServer(server, absolute)),
    origin: applicationOrigin(publicUrl, host),
  };
}

function resolveServer(server: ParsedApplication['servers'][number], absolute: Absolute): ServerConfig {
  if (typeof server === 'string') return { url: server, weight: 1, drain: false };
  const { tls, ...rest } = server;
  if (tls === undefined) return rest;
  const { ca, ...others } = tls;
  return { ...rest, tls: { ...others, ...(ca === undefined ? {} : { ca: absolute(['applications'], ca) }) } };
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) deepFreeze(each);
  return Object.freeze(value);
}
