import type { Config } from './config.ts';
import { isLoopback } from './values.ts';

export type OwnListener = 'listen' | 'console' | 'management';

type Listeners = Pick<Config, 'publicUrl'> & {
  readonly listen: Pick<Config['listen'], 'host' | 'port'>;
  readonly console: Config['console'];
  readonly management: Pick<Config['management'], 'host' | 'port'>;
};

/**
 * Which listener of the gateway itself an upstream would lead to, as far as its address tells: an application there
 * would go round in a circle, or show everybody what only operators shall see. `addresses` are this machine's own.
 */
export function ownListener(
  url: string,
  { listen, console, management, publicUrl }: Listeners,
  addresses: readonly string[] = [],
): OwnListener | undefined {
  const { hostname, port, protocol, origin } = new URL(url);
  if (origin === publicUrl) return 'listen';
  if (origin === console.publicUrl) return 'console';
  const host = hostname.replace(/^\[|\]$/g, '');
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  const here = isLoopback(host) || isAnywhere(host) || addresses.includes(host);
  const named = { management, console, listen } as const;
  for (const name of ['management', 'console', 'listen'] as const) {
    const own = named[name];
    if (own.port === number && (here || own.host === host)) return name;
  }
  return undefined;
}

/** Connections to the unspecified address end on this machine. */
const isAnywhere = (host: string): boolean => host === '0.0.0.0' || host === '::';
