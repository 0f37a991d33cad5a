import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdmittedSession, Gate, Refusal } from '../access/index.ts';
import type { Audit, Origin } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Application } from './application.ts';
import type { Identities } from './identities.ts';
import type { InFlight } from './in-flight.ts';
import type { TargetFault } from './inspect-target.ts';
import type { OwnCookies } from './own-cookies.ts';
import type { ReadScratch } from './read-scratch.ts';
import type { TurnEnd } from './turn-end.ts';

/** What this room counts; the audit room's metrics fit. */
export interface ProxyMetrics {
  tunnelOpened(application: string): void;
  /** Seconds. */
  tunnelClosed(application: string, seconds: number): void;
  bytes(kind: 'request' | 'tunnel', application: string, received: number, sent: number): void;
  /** Seconds until the first answer. */
  upstream(
    application: string,
    result: 'answered' | 'refused' | 'timeout' | 'aborted' | 'invalid',
    seconds: number,
  ): void;
  serverUp(application: string, server: string, up: boolean | undefined): void;
}

/** What a refusal was about, for whoever renders and records it. */
export type RefusalContext = {
  readonly application?: Application | undefined;
  /** A plain answer, never a redirect: whoever asks is a program. */
  readonly upgrade: boolean;
  /** What was wrong with the target, for the log. */
  readonly fault?: TargetFault;
  /** Why an application server didn't answer, for the log alone. */
  readonly cause?: unknown;
};

/** How the gateway knows who asks and for what; the root supplies it, since it knows which proxies are trusted. */
export interface RequestFacts {
  addressOf(request: IncomingMessage): string;
  schemeOf(request: IncomingMessage): 'http' | 'https';
  /** The authority the client asked for: `host` or `host:port`. */
  hostOf(request: IncomingMessage): string;
}

/** What a request was sent to, as people see it from outside. `host` is an authority, `host` or `host:port`. */
export type PublicOrigin = { readonly scheme: 'http' | 'https'; readonly host: string };

/** What the parts of this room share; made once by `createProxy`. */
export type ProxySite = RequestFacts & {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Audit;
  readonly metrics: ProxyMetrics;
  readonly inFlight: InFlight;
  readonly scratch: ReadScratch;
  readonly turn: TurnEnd;
  readonly cookies: OwnCookies;
  readonly identities: Identities;
  isOwnToken(token: string): boolean;
  refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal, context: RefusalContext): void;
  signOut(session: AdmittedSession): void;
};

/** Where a request came from, for the audit log. */
export function originOf(site: RequestFacts, request: IncomingMessage): Origin {
  const browser = request.headers['user-agent'];
  const address = site.addressOf(request);
  return browser === undefined ? { address } : { address, browser };
}
