import type { Audit, Origin } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { changeDocument, type Page, type Store } from '../storage/index.ts';
import { lockoutKey } from './directory-lockout.ts';
import { deviceFailures, type KnownDevice, type KnownDevices } from './known-devices.ts';
import { addressGroup, createNetworkTest } from './throttle-address.ts';
import {
  type AddressCount,
  type AddressRule,
  addressCodeRule,
  addressPasswordRule,
  type CountedTry,
  type CountRule,
  codeRule,
  countAddressTry,
  countTry,
  type FailureCount,
  freeTriesLeft,
  nextTryAt,
  passwordRule,
  uncountAddressTry,
  uncountTry,
} from './throttle-arithmetic.ts';

/** Who tries: `subject` is a user key, or stands for a name that nobody has. */
export type Attempt = {
  readonly subscription: string;
  readonly subject: string;
  readonly origin: Origin;
  readonly device?: KnownDevice | undefined;
};

/** What was counted at an address, so that it can be taken back later. Plain JSON. */
export type AddressTry = { readonly key: string; readonly at: number };

/** A try that has been counted as a failure already. Exactly one of the three ends it. */
export interface CountedAttempt {
  /** Failures counted now, this one included. */
  readonly failures: number;
  /** Tries left before the next wait, if this one was wrong. */
  readonly triesLeft: number;
  /** Seconds until the next try, if this one was wrong and a wait begins; absent when shut for good. */
  readonly retryAfter?: number;
  readonly address: AddressTry | undefined;
  /** It was wrong: says so where it begins a wait, and voids a device that failed too often. */
  failed(): Promise<void>;
  /** It was right: the count of the user or device begins anew, and the address gets its try back. */
  succeeded(): Promise<void>;
  /** It was not a guess after all (the directory could not be asked): only this one is taken back. */
  release(): Promise<void>;
}

type Kind = 'codes' | 'password';
const collection = 'counters';
/**
 * Counted in the whole site: before a name is known it belongs nowhere, an address is one address to all, and who moves
 * to another subscription doesn't begin to count anew.
 */
const site = 'default';
/** How long password failures are remembered, so that names nobody has don't fill the store: 24 h. */
const passwordMemory = 86_400_000;

/**
 * Counts wrong passwords and codes per user, device and address, in the store, before they are verified. What a directory
 * with a lockout of its own may be asked is `DirectoryLockout`'s part.
 */
export class Throttle {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #audit: Audit;
  readonly #devices: KnownDevices;
  #isTrusted: (address: string) => boolean;

  constructor(parts: {
    store: Store;
    clock: Clock;
    audit: Audit;
    devices: KnownDevices;
    trustedNetworks: readonly string[];
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#audit = parts.audit;
    this.#devices = parts.devices;
    this.#isTrusted = createNetworkTest(parts.trustedNetworks);
  }

  /** Spares other networks than before the limits per address; what has been counted stays counted. */
  trust(networks: readonly string[]): void {
    this.#isTrusted = createNetworkTest(networks);
  }

  /** Counts one code, of whatever method. Rejects with `locked` or `too-many-requests`. */
  countCode(attempt: Attempt): Promise<CountedAttempt> {
    return this.#count('codes', codeRule, addressCodeRule, attempt);
  }

  /** Rejects with `locked` while a code could not be tried, and counts nothing. A known device has its own count. */
  async refuseLockedCode({ subject, device }: Attempt): Promise<void> {
    if (device !== undefined) return;
    await this.#refuseLocked(keyOf('codes', subject), codeRule, this.#clock.now());
  }

  /** Counts one password. Rejects with `locked` or `too-many-requests`. */
  countPassword(attempt: Attempt): Promise<CountedAttempt> {
    return this.#count('password', passwordRule, addressPasswordRule, attempt);
  }

  /** Gives an address back a try that was counted earlier. */
  async takeBack(address: AddressTry): Promise<void> {
    await changeDocument<AddressCount>(this.#store, { collection, key: address.key }, (count) => {
      if (count === undefined) return undefined;
      const value = uncountAddressTry(count, address.at);
      if (value.at.length === 0) return 'delete';
      return { value, options: { expiresAt: (value.at.at(-1) ?? 0) + addressCodeRule.window } };
    });
  }

  /** What administrators see of one user: when each kind can be tried again; absent where nothing waits. */
  async locks(_subscription: string, user: string): Promise<{ codes?: number; password?: number }> {
    const now = this.#clock.now();
    const [codes, password] = await this.#store.getMany<FailureCount>(collection, [
      keyOf('codes', user),
      keyOf('password', user),
    ]);
    const codesAt = codes === undefined ? 0 : nextTryAt(codeRule, codes.value);
    const passwordAt = password === undefined ? 0 : nextTryAt(passwordRule, password.value);
    return {
      ...(codesAt > now ? { codes: codesAt } : {}),
      ...(passwordAt > now ? { password: passwordAt } : {}),
    };
  }

  /** One page of the users and names whose wrong codes or passwords are counted, locked by that or not. */
  async counted(
    kind: 'codes' | 'password',
    query: { after?: string | undefined; limit: number },
  ): Promise<Page<string>> {
    const prefix = keyOf(kind, '');
    const { limit, after } = query;
    const page = await this.#store.list(collection, {
      prefix,
      limit,
      ...(after === undefined ? {} : { after }),
    });
    return { ...page, items: page.items.map(({ key }) => key.slice(prefix.length)) };
  }

  /** Lifts every lock of a user. Resolves to whether anything was counted. Recording it is the caller's part. */
  async unlock(_subscription: string, user: string): Promise<boolean> {
    const codes = await this.#store.delete(collection, keyOf('codes', user));
    const password = await this.#store.delete(collection, keyOf('password', user));
    const directory = await this.#store.delete(collection, lockoutKey(user));
    return codes || password || directory;
  }

  async #count(
    kind: Kind,
    rule: CountRule,
    addressRule: AddressRule,
    attempt: Attempt,
  ): Promise<CountedAttempt> {
    if (attempt.device !== undefined) {
      const failures = await this.#devices.countTry(attempt.device);
      if (failures !== undefined) return this.#ofDevice(kind, attempt.device, failures);
    }
    const key = keyOf(kind, attempt.subject);
    const now = this.#clock.now();
    await this.#refuseLocked(key, rule, now);
    const address = await this.#countAddress(kind, addressRule, attempt);
    let before: FailureCount | undefined;
    const tried = await this.#change<FailureCount>(
      key,
      (known) => {
        before = known;
        return countTry(rule, known, now);
      },
      keptFor(kind, now).options?.expiresAt,
    );
    if (!tried.allowed) {
      if (address !== undefined) await this.takeBack(address);
      throw locked(tried.until, now);
    }
    return this.#ofUser({ kind, rule, attempt, key, address, before, count: tried.count });
  }

  /** A flood of tries on a locked user is refused by one read: it writes nothing, and fills no address. */
  async #refuseLocked(key: string, rule: CountRule, now: number): Promise<void> {
    const known = await this.#store.get<FailureCount>(collection, key);
    // From a moment in the future, only a clock that jumped back can have it: `countTry` puts that right.
    if (known === undefined || known.value.lastAt > now) return;
    const tried = countTry(rule, known.value, now);
    if (!tried.allowed) throw locked(tried.until, now);
  }

  async #countAddress(kind: Kind, rule: AddressRule, attempt: Attempt): Promise<AddressTry | undefined> {
    const { address } = attempt.origin;
    if (this.#isTrusted(address)) return undefined;
    const now = this.#clock.now();
    const key = `${site}/${kind}-from/${addressGroup(address)}`;
    const tried = await this.#change<AddressCount>(
      key,
      (known) => countAddressTry(rule, known, now),
      now + addressCodeRule.window,
    );
    if (tried.allowed) return { key, at: now };
    const seconds = secondsUntil(tried.until ?? now, now);
    throw new GatewayError('too-many-requests', { retryAfter: seconds, params: { seconds } });
  }

  #ofDevice(kind: Kind, device: KnownDevice, failures: number): CountedAttempt {
    const devices = this.#devices;
    return {
      failures,
      triesLeft: deviceFailures - failures,
      address: undefined,
      failed: async () => {
        if (failures >= deviceFailures) await devices.forget(device);
      },
      // A right password alone must not renew the tries for codes.
      succeeded: () => devices.uncount(device, kind === 'codes' ? 'all' : 'one'),
      release: () => devices.uncount(device, 'one'),
    };
  }

  #ofUser(counted: {
    kind: Kind;
    rule: CountRule;
    attempt: Attempt;
    key: string;
    address: AddressTry | undefined;
    before: FailureCount | undefined;
    count: FailureCount;
  }): CountedAttempt {
    const { kind, rule, attempt, key, address, before, count } = counted;
    const until = nextTryAt(rule, count);
    const now = this.#clock.now();
    const waits = until > now && until !== Number.POSITIVE_INFINITY;
    const giveBackAddress = async (): Promise<void> => {
      if (address !== undefined) await this.takeBack(address);
    };
    return {
      failures: count.failures,
      triesLeft: freeTriesLeft(rule, count.failures),
      ...(waits ? { retryAfter: secondsUntil(until, now) } : {}),
      address,
      failed: async () => {
        this.#tellUserLock(kind, rule, attempt, count);
        if (address !== undefined) await this.#tellAddressLock(kind, attempt, address);
      },
      succeeded: async () => {
        await this.#store.delete(collection, key);
        await giveBackAddress();
      },
      release: async () => {
        await changeDocument<FailureCount>(this.#store, { collection, key }, (current) =>
          current === undefined
            ? undefined
            : { value: uncountTry(current, { before, at: count.lastAt }), ...keptFor(kind, count.lastAt) },
        );
        await giveBackAddress();
      },
    };
  }

  #tellUserLock(kind: Kind, rule: CountRule, attempt: Attempt, count: FailureCount): void {
    const until = nextTryAt(rule, count);
    if (until <= this.#clock.now()) return;
    this.#audit.record({
      type: 'lockout',
      scope: kind === 'codes' ? 'user-codes' : 'user-password',
      subject: attempt.subject,
      ...(until === Number.POSITIVE_INFINITY ? {} : { until }),
      origin: attempt.origin,
    });
  }

  async #tellAddressLock(kind: Kind, attempt: Attempt, address: AddressTry): Promise<void> {
    const rule = kind === 'codes' ? addressCodeRule : addressPasswordRule;
    const now = this.#clock.now();
    const count = await this.#store.get<AddressCount>(collection, address.key);
    if (count === undefined) return;
    const next = countAddressTry(rule, count.value, now);
    if (next.allowed || next.until === undefined) return;
    this.#audit.record({
      type: 'lockout',
      scope: 'address',
      subject: addressGroup(attempt.origin.address),
      until: next.until,
      origin: attempt.origin,
    });
  }

  async #change<Count extends FailureCount | AddressCount>(
    key: string,
    count: (known: Count | undefined) => CountedTry<Count>,
    expiresAt: number | undefined,
  ): Promise<CountedTry<Count>> {
    let tried: CountedTry<Count> | undefined;
    await changeDocument<Count>(this.#store, { collection, key }, (known) => {
      tried = count(known);
      if (!tried.allowed && sameCount(known, tried.count)) return undefined;
      return { value: tried.count, ...(expiresAt === undefined ? {} : { options: { expiresAt } }) };
    });
    if (tried === undefined) throw new GatewayError('internal');
    return tried;
  }
}

/** A refused try is saved only when the clock has jumped, so that a flood of refused tries writes nothing. */
const sameCount = (a: object | undefined, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Wrong codes are never forgotten: only a right one, or an administrator, begins their count anew. */
const keptFor = (kind: Kind, now: number): { options?: { expiresAt: number } } =>
  kind === 'password' ? { options: { expiresAt: now + passwordMemory } } : {};

const keyOf = (kind: Kind, subject: string): string => `${site}/${kind}/${subject}`;

const secondsUntil = (moment: number, now: number): number => Math.max(1, Math.ceil((moment - now) / 1000));

function locked(until: number | undefined, now: number): GatewayError {
  if (until === undefined) return new GatewayError('locked');
  const seconds = secondsUntil(until, now);
  return new GatewayError('locked', { retryAfter: seconds, params: { minutes: Math.ceil(seconds / 60) } });
}
