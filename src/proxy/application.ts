import type { GatedApplication } from '../access/index.ts';

/** How an application server's certificate is verified. */
export type ServerTls = {
  /** Certificate authorities to trust instead of the public ones, PEM. */
  readonly ca?: string;
  /** The name the certificate must carry; absent: the host of the URL. */
  readonly serverName?: string;
  /** `false` accepts any certificate of this one server. */
  readonly verify?: boolean;
};

export type ApplicationServer = {
  /** `http://host:port` or `https://host:port`, an origin: no path. */
  readonly url: string;
  /** Share of users, relative to the other servers; default 1, 0 takes none. */
  readonly weight?: number;
  /** Takes no new remote sessions and users; the open ones stay. */
  readonly drain?: boolean;
  readonly tls?: ServerTls;
};

/** All in seconds. */
export type Timeouts = {
  /** Until the connection stands, TLS included. */
  readonly connect: number;
  /** From the end of the request until the head of the response. */
  readonly response: number;
  /** Without a byte in either direction; there is no total limit. */
  readonly idle: number;
};

export type HealthCheck = {
  readonly path: string;
  /** Seconds. */
  readonly interval: number;
  /** Seconds. */
  readonly timeout: number;
};

/** A named route to a pool of application servers: the slice of the configuration that this room is given. */
export type Application = GatedApplication & {
  readonly title?: string;
  /** Lower case, without a port. Absent: every host that no other application names. */
  readonly host?: string;
  /** Begins with a slash; matches at segment boundaries, the longest wins. */
  readonly path: string;
  readonly servers: readonly ApplicationServer[];
  /** Paths whose requests open a remote session, for applications without WebSockets; a `*` at the end stands for anything. */
  readonly sessionPaths?: readonly string[];
  /** Seconds without a request to the session paths that end such a remote session. Default 300. */
  readonly sessionSilence?: number;
  /** Paths, as above, whose request also ends the 2FA session. */
  readonly signOutPaths?: readonly string[];
  readonly health?: HealthCheck;
  readonly timeouts?: Partial<Timeouts>;
  /** Seconds; 0 or absent: no limit. */
  readonly tunnel?: { readonly idle?: number; readonly maximum?: number };
  /** Whether the servers are told who the user is (`X-Sallyport-*`). Default true. */
  readonly identityHeaders?: boolean;
};

const defaultTimeouts: Timeouts = { connect: 10, response: 60, idle: 300 };
export const defaultSessionSilence = 300;

export const timeoutsOf = (application: Application): Timeouts => ({
  ...defaultTimeouts,
  ...application.timeouts,
});
