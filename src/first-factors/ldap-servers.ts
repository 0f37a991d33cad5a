import type { Client } from 'ldapts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type BindAnswer, bindAnswer, isServerFailure, mustChange } from './ldap-answer.ts';
import { connectLdap, type LdapConnection } from './ldap-connection.ts';
import type { LdapServerOptions } from './ldap-options.ts';

/** How long a server that failed is asked only when no other answers, in milliseconds. */
const avoidedFor = 30_000;

/** Questions at the same time: names are looked up before anything is counted, and a flood must not reach the directory. */
const mostAtOnce = 200;

type Accepted = Extract<BindAnswer, { result: 'accepted' }>;

/** What is known of one server. */
type Server = {
  readonly url: string;
  /** Monotonic milliseconds of the last failure; cleared by a success. */
  failedAt?: number;
  /** Why, for administrators. */
  failure?: unknown;
  /** Bound as the gateway's own account, shared by every question. */
  connection?: Promise<LdapConnection>;
};

/** The state of one server, for checks and the console. */
export type LdapServerState = { readonly url: string; readonly up: boolean; readonly failure?: unknown };

/**
 * The servers of one directory. A question goes to the first that works, and on to the next within the same time
 * when it fails. Rejects with `directory-unavailable` when none answers, and with `too-many-requests` while too many
 * questions are on their way.
 */
export class LdapServers {
  readonly #options: LdapServerOptions;
  readonly #clock: Clock;
  readonly #servers: readonly Server[];
  #closed = false;
  #asking = 0;

  constructor(options: LdapServerOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#servers = options.urls.map((url) => ({ url }));
  }

  get states(): readonly LdapServerState[] {
    return this.#servers.map(({ url, failedAt, failure }) => ({
      url,
      up: failedAt === undefined,
      ...(failure === undefined ? {} : { failure }),
    }));
  }

  /** Asks with the gateway's own account. `work` may run again, on another connection or server. */
  ask<Answer>(work: (client: Client) => Promise<Answer>): Promise<Answer> {
    return this.#inTurn(async (server, signal) => {
      const kept = server.connection;
      try {
        return await work((await this.#bound(server, signal)).client);
      } catch (error) {
        // A connection that was idle may have ended unnoticed: that says nothing of the server.
        if (kept === undefined || signal.aborted || !isServerFailure(error)) throw error;
        this.#drop(server);
        return work((await this.#bound(server, signal)).client);
      }
    });
  }

  /** Checks a password by a bind of its own. Never sends an empty one, which would pass as anonymous (RFC 4513 section 5.1.2). */
  async bind(dn: string, password: string): Promise<BindAnswer> {
    if (dn === '' || password === '' || password.includes('\0')) return { result: 'refused' };
    return this.asUser(dn, password, async (_, answer) => answer);
  }

  /** Does `work` with a connection bound as somebody; resolves to what the server said when it refuses them. */
  asUser<Answer>(
    dn: string,
    password: string,
    work: (client: Client, accepted: Accepted) => Promise<Answer>,
  ): Promise<Answer | Exclude<BindAnswer, Accepted>> {
    return this.#inTurn(async (server, signal) => {
      const { PasswordPolicyControl } = await import('ldapts');
      const { client, end } = await connectLdap(server.url, this.#options, signal);
      try {
        const policy = new PasswordPolicyControl();
        try {
          // Not critical: whoever doesn't know it leaves it out (RFC 4511 section 4.1.11).
          await untilAborted(signal, client.bind(dn, password, policy));
        } catch (error) {
          const answer = bindAnswer(error, policy.value?.error);
          if (answer === undefined) throw error;
          return answer;
        }
        const accepted = { result: 'accepted', mustChange: mustChange(policy.value?.error) } as const;
        return await untilAborted(signal, work(client, accepted));
      } finally {
        end();
      }
    });
  }

  /** Connects to every server and binds as the gateway's account. Resolves to each with its failure, if it failed. */
  async tryEach(): Promise<readonly { readonly url: string; readonly failure?: unknown }[]> {
    const tries = this.#servers.map(async (server) => {
      try {
        await this.#within(this.#options.timeout, async (signal) => {
          const { end } = await untilAborted(signal, this.#connectAndBind(server, signal));
          end();
        });
        return { url: server.url };
      } catch (failure) {
        return { url: server.url, failure };
      }
    });
    return Promise.all(tries);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const server of this.#servers) this.#drop(server);
  }

  async #inTurn<Answer>(attempt: (server: Server, signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    if (this.#asking >= mostAtOnce) {
      throw new GatewayError('too-many-requests', { retryAfter: 5, params: { seconds: 5 } });
    }
    this.#asking += 1;
    try {
      return await this.#askInTurn(attempt);
    } finally {
      this.#asking -= 1;
    }
  }

  async #askInTurn<Answer>(
    attempt: (server: Server, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const began = this.#clock.monotonic();
    const order = this.#inOrder();
    let cause: unknown;
    for (const [index, server] of order.entries()) {
      const left = began + this.#options.timeout - this.#clock.monotonic();
      if (left <= 0 || this.#closed) break;
      // So that one that says nothing leaves time for another.
      const share = index === order.length - 1 ? left : left / 2;
      try {
        const answer = await this.#within(share, (signal) => untilAborted(signal, attempt(server, signal)));
        delete server.failedAt;
        delete server.failure;
        return answer;
      } catch (error) {
        if (!isServerFailure(error)) throw error;
        server.failedAt = this.#clock.monotonic();
        server.failure = error;
        this.#drop(server);
        cause = error;
      }
    }
    throw new GatewayError('directory-unavailable', { retryAfter: 30, cause });
  }

  async #within<Answer>(
    milliseconds: number,
    work: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const abort = new AbortController();
    const timer = this.#clock.after(milliseconds, () =>
      abort.abort(new Error('the directory server did not answer in time')),
    );
    try {
      return await work(abort.signal);
    } finally {
      timer.cancel();
    }
  }

  /** Those that worked last first, each in the configured order. */
  #inOrder(): readonly Server[] {
    const now = this.#clock.monotonic();
    const avoided = ({ failedAt }: Server): boolean => failedAt !== undefined && now - failedAt < avoidedFor;
    return [...this.#servers.filter((server) => !avoided(server)), ...this.#servers.filter(avoided)];
  }

  async #bound(server: Server, signal: AbortSignal): Promise<LdapConnection> {
    const kept = server.connection;
    if (kept !== undefined) {
      const connection = await kept;
      if (connection.client.isBound) return connection;
      if (server.connection === kept) delete server.connection;
    }
    server.connection ??= this.#connectAndBind(server, signal);
    return server.connection;
  }

  async #connectAndBind(server: Server, signal: AbortSignal): Promise<LdapConnection> {
    const connection = await connectLdap(server.url, this.#options, signal);
    const { dn, password } = this.#options.account ?? { dn: '', password: '' };
    try {
      await untilAborted(signal, connection.client.bind(dn, password));
      return connection;
    } catch (error) {
      connection.end();
      // A refused account of our own is this server's failure, never an answer about somebody else.
      throw new Error('the directory refuses the account of the gateway', { cause: error });
    }
  }

  #drop(server: Server): void {
    const { connection } = server;
    delete server.connection;
    connection?.then(
      ({ end }) => end(),
      () => {},
    );
  }
}

/** The same promise, or a rejection as soon as the time is over. */
function untilAborted<Answer>(signal: AbortSignal, promise: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const give = (): void => reject(signal.reason);
    if (signal.aborted) return give();
    signal.addEventListener('abort', give, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}
