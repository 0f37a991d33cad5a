import type { ParsedApplication, ParsedFile, ParsedRemoteDesktop } from './schema.ts';
import type { Secret } from './secret.ts';

/** What is frozen through and through is read-only through and through. */
type Frozen<Value> = Value extends Secret
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;

type ParsedServer = Extract<ParsedApplication['servers'][number], object>;

/** One application server: `url` is its origin; `tls` only with https. `authorities`: PEM, where there is no file `ca`. */
export type ServerConfig = Frozen<
  Omit<ParsedServer, 'tls'> & { tls?: NonNullable<ParsedServer['tls']> & { authorities?: string } }
>;

/** An application. Durations are whole seconds. `host` is absent when it names no host or the portal's. */
export type ApplicationConfig = Frozen<
  Omit<ParsedApplication, 'servers' | 'title' | 'type'> & {
    readonly title: string;
    readonly servers: readonly ServerConfig[];
    /** Scheme, host and port that browsers see, without a slash at the end. */
    readonly origin: string;
  }
>;

/** An application of type `rdp`. `name` of a server: what its agent calls it; `address`: `host:port`. */
export type RemoteDesktopConfig = Frozen<
  Omit<ParsedRemoteDesktop, 'servers' | 'title' | 'type'> & {
    readonly title: string;
    readonly servers: readonly { readonly name: string; readonly address: string }[];
  }
>;

/** The files of one certificate, absolute: PEM, or PKCS #12. */
export type CertificateFiles = { readonly passphraseFile?: string } & (
  | { readonly cert: string; readonly key: string }
  | { readonly pfx: string }
);

/** The first certificate stands in where no other is for the host. */
export type TlsConfig = { readonly certificates: readonly CertificateFiles[] };

/** Where Redis is and how to reach it. Files are read at the start. */
export type RedisConfig = {
  readonly at:
    | { readonly host: string; readonly port: number }
    | {
        readonly name: string;
        readonly sentinels: readonly { readonly host: string; readonly port: number }[];
        readonly username?: string;
        readonly passwordFile?: string;
      };
  readonly username?: string;
  /** Never together with `passwordFile`. */
  readonly password?: Secret;
  readonly passwordFile?: string;
  readonly tls?: {
    readonly verify: boolean;
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
  };
  readonly database: number;
  readonly keyPrefix: string;
  readonly commandTimeout: number;
};

export type LdapDirectoryConfig = {
  readonly name: string;
  readonly type: 'ldap';
  readonly kind: 'active-directory' | 'openldap';
  readonly servers: readonly string[];
  readonly startTls: boolean;
  readonly tls: { readonly verify: boolean; readonly ca?: string; readonly serverName?: string };
  readonly baseDn: string;
  readonly groupBaseDn?: string;
  readonly userFilter?: string;
  readonly bindDn?: string;
  readonly passwordFile?: string;
  /** With the names that `baseDn` spells. */
  readonly aliases: readonly string[];
  readonly attributes: { readonly name?: string; readonly email?: string };
  readonly timeout: number;
  readonly recheck: number;
  readonly lockoutThreshold?: number;
};

export type DirectoryConfig = { readonly name: string; readonly type: 'local' } | LdapDirectoryConfig;

/**
 * The whole configuration: validated, defaults filled in, paths absolute, origins normalised, frozen. Durations
 * are whole seconds. What each key means stands with its schema and in docs/configuration.md.
 */
export type Config = Frozen<
  Omit<
    ParsedFile,
    'listen' | 'publicUrl' | 'console' | 'serverName' | 'directories' | 'applications' | 'demo' | 'store'
  > & {
    /** The file that was read, absolute; absent when there was none. */
    readonly file?: string;
    readonly listen: Omit<ParsedFile['listen'], 'tls'> & { readonly tls?: TlsConfig };
    readonly publicUrl: string;
    readonly console: {
      readonly host: string;
      readonly port: number;
      readonly publicUrl: string;
      readonly tls?: TlsConfig;
      readonly networks?: readonly string[];
    };
    readonly serverName: string;
    /** Absent: the embedded store. */
    readonly redis?: RedisConfig;
    /** The content that would stand in `masterKeyFile`. Never together with it. */
    readonly masterKey?: Secret;
    readonly directories: readonly DirectoryConfig[];
    readonly applications: readonly ApplicationConfig[];
    readonly remoteDesktops: readonly RemoteDesktopConfig[];
    readonly demo: boolean;
  }
>;
