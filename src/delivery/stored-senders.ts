import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import {
  changeDocument,
  isConflict,
  type Json,
  requireVersion,
  type Sealer,
  type Store,
  TopicFollower,
  versionTag,
} from '../storage/index.ts';
import type { DeliveryReport } from './delivery-event.ts';
import {
  allowedInField,
  type EmailSender,
  emailSender,
  type SmsSender,
  smsSender,
} from './sender-settings.ts';
import type { SenderKind } from './senders.ts';

/** What a sender of each kind looks like without its secret. */
export type SenderSettings = { sms: SmsSender; email: EmailSender };

/** A sender as it is in force, with its secret, and a version that changes with either. */
export type OpenSender<Kind extends SenderKind> = {
  readonly settings: SenderSettings[Kind];
  /** The auth token or password; absent where none is needed. */
  readonly secret: string | undefined;
  readonly version: number;
};

export type StoredSendersOptions = {
  store: Store;
  clock: Clock;
  sealer: Sealer;
  report: DeliveryReport;
  log: { error(fields: Record<string, unknown>, message: string): void };
};

/** A sender as an administrator sees it. */
export type SenderView<Kind extends SenderKind> = {
  /** For `change` and `remove`. */
  readonly version: string;
  /** Undefined: there is none, or what is stored cannot be read. */
  readonly settings: SenderSettings[Kind] | undefined;
  /** Whether an auth token or password is kept. */
  readonly secret: boolean;
};

/** What a change is: fields to set, to take away (`undefined`), and the auth token or password. */
export type SenderPatch<Kind extends SenderKind> = {
  readonly [Field in keyof SenderSettings[Kind]]?: SenderSettings[Kind][Field] | undefined;
} & { readonly secret?: string | undefined };

type Held = { readonly [Kind in SenderKind]?: SenderSettings[Kind] };
type Stored = { readonly [field: string]: Json | undefined };

const collection = 'senders';
const topic = 'senders';
const kinds = ['sms', 'email'] as const;
const schemas: { readonly [Kind in SenderKind]: z.ZodType<SenderSettings[Kind]> } = {
  sms: smsSender,
  email: emailSender,
};
const secretLabel = { sms: 'twilio-auth-token', email: 'smtp-password' } as const;
/** The name of the secret in messages and in the audit log. */
const secretField = { sms: 'authToken', email: 'password' } as const;
const longestSecret = 1_024;

/**
 * The configured senders of every subscription, in memory, as stored. Changes are in force when their call returns
 * here, and within a second in every process on the same store; after deafness everything is read again.
 */
export class StoredSenders {
  readonly #options: StoredSendersOptions;
  #held = new Map<string, Held>();
  readonly #follower: TopicFollower;

  private constructor(options: StoredSendersOptions) {
    this.#options = options;
    const { store, clock, log } = options;
    this.#follower = new TopicFollower({
      store,
      clock,
      topic,
      read: () => this.#readAll(),
      failed: (error) => log.error({ error }, 'senders cannot be read; those known so far stay in force'),
    });
  }

  /** Reads all senders and follows their changes. Rejects with `store-unavailable`. */
  static async load(options: StoredSendersOptions): Promise<StoredSenders> {
    const senders = new StoredSenders(options);
    await senders.#follower.start();
    return senders;
  }

  /** The sender in force, from memory; undefined when there is none, or what is stored cannot be read. */
  current<Kind extends SenderKind>(subscription: string, kind: Kind): SenderSettings[Kind] | undefined {
    return this.#held.get(subscription)?.[kind];
  }

  /**
   * The sender as it is stored at this moment, its secret opened: read afresh, since a rotation of the master key
   * seals it anew. Rejects with `store-unavailable`, or `internal` when the secret was tampered with.
   */
  async open<Kind extends SenderKind>(
    subscription: string,
    kind: Kind,
  ): Promise<OpenSender<Kind> | undefined> {
    const { store, sealer } = this.#options;
    const record = recordOf(subscription, kind);
    const found = await store.get<Stored>(record.collection, record.key);
    const settings = found === undefined ? undefined : understand(kind, found.value);
    if (found === undefined || settings === undefined) return undefined;
    const sealed = sealedIn(found.value);
    const secret = sealed === undefined ? undefined : sealer.open(record, sealed);
    return { settings, secret, version: found.version };
  }

  /**
   * Makes or changes a sender. Rejects with `invalid-setting` {setting, allowed} for a field that is wrong or
   * missing, with `changed-meanwhile` when it is not at the version `seen`. A secret goes only where it was meant for:
   * another account, server or user needs it anew.
   */
  async change<Kind extends SenderKind>(
    subscription: string,
    kind: Kind,
    patch: SenderPatch<Kind>,
    actor: string,
    seen?: string,
  ): Promise<SenderSettings[Kind]> {
    const { secret, ...fields } = patch;
    if (secret !== undefined && !isSecret(secret)) throw invalid(secretField[kind]);
    const { store, sealer, report } = this.#options;
    const record = recordOf(subscription, kind);
    let next: SenderSettings[Kind] | undefined;
    let changed: string[] = [];
    await changeDocument<Stored>(store, record, (found, version) => {
      requireVersion(version, seen);
      const before = found === undefined ? undefined : schemas[kind].safeParse(found).data;
      const settings = checked(kind, { ...before, ...fields });
      const kept = before !== undefined && sameAccount(kind, before, settings) ? sealedIn(found) : undefined;
      const sealed = secret === undefined ? kept : sealer.seal(record, secretLabel[kind], secret);
      if (sealed === undefined && needsSecret(kind, settings)) throw invalid(secretField[kind]);
      next = settings;
      changed = Object.keys(allowedInField).filter(
        (field) =>
          JSON.stringify(Reflect.get(before ?? {}, field)) !== JSON.stringify(Reflect.get(settings, field)),
      );
      if (secret !== undefined) changed.push(secretField[kind]);
      const value: Stored = { ...settings, sealed };
      return { value, options: { announce: { topic, message: { subscription } } } };
    });
    report.record({ type: 'sender.changed', subscription, channel: kind, fields: changed, actor });
    await this.#follower.refresh();
    if (next === undefined) throw new GatewayError('internal');
    return next;
  }

  /** The sender as it is stored at this moment, its secret left sealed. */
  async read<Kind extends SenderKind>(subscription: string, kind: Kind): Promise<SenderView<Kind>> {
    const { collection: from, key } = recordOf(subscription, kind);
    const found = await this.#options.store.get<Stored>(from, key);
    const settings = found === undefined ? undefined : understand(kind, found.value);
    return { version: versionTag(found?.version), settings, secret: sealedIn(found?.value) !== undefined };
  }

  /**
   * Takes a sender away, with its secret. Resolves to whether there was one. Rejects with `changed-meanwhile` when it
   * is not at the version `seen`.
   */
  async remove(subscription: string, kind: SenderKind, actor: string, seen?: string): Promise<boolean> {
    const { store, report } = this.#options;
    const { collection: from, key } = recordOf(subscription, kind);
    const found = seen === undefined ? undefined : await store.get<Stored>(from, key);
    requireVersion(found?.version, seen);
    const removed = await store
      .delete(from, key, {
        announce: { topic, message: { subscription } },
        ...(found === undefined ? {} : { ifVersion: found.version }),
      })
      .catch((error: unknown) => {
        throw isConflict(error) ? new GatewayError('changed-meanwhile') : error;
      });
    if (removed) report.record({ type: 'sender.removed', subscription, channel: kind, fields: [], actor });
    await this.#follower.refresh();
    return removed;
  }

  close(): void {
    this.#follower.close();
  }

  async #readAll(): Promise<void> {
    const held = new Map<string, Held>();
    let after: string | undefined;
    do {
      const from = after === undefined ? { limit: 100 } : { limit: 100, after };
      const page = await this.#options.store.list<Stored>(collection, from);
      for (const { key, value } of page.items) {
        const slash = key.lastIndexOf('/');
        const kind = kinds.find((each) => each === key.slice(slash + 1));
        if (kind === undefined) continue;
        const subscription = key.slice(0, slash);
        const settings = understand(kind, value);
        if (settings === undefined)
          this.#options.log.error({ kind }, 'a stored sender cannot be read; it counts as not configured');
        else held.set(subscription, { ...held.get(subscription), [kind]: settings });
      }
      after = page.next;
    } while (after !== undefined);
    this.#held = held;
  }
}

const recordOf = (subscription: string, kind: SenderKind) => ({ collection, key: `${subscription}/${kind}` });

const sealedIn = (value: Stored | undefined): string | undefined =>
  typeof value?.sealed === 'string' ? value.sealed : undefined;

/** Undefined for what cannot be used: a field that is none, or a secret that is missing. */
function understand<Kind extends SenderKind>(kind: Kind, value: Stored): SenderSettings[Kind] | undefined {
  const parsed = schemas[kind].safeParse(value);
  if (!parsed.success) return undefined;
  const lacks = sealedIn(value) === undefined && needsSecret(kind, parsed.data);
  return lacks ? undefined : parsed.data;
}

const isSecret = (text: string): boolean =>
  text.length > 0 && text.length <= longestSecret && text.isWellFormed() && !/[\r\n\0]/.test(text);

const invalid = (field: string): GatewayError =>
  new GatewayError('invalid-setting', { params: { setting: field, allowed: allowedInField[field] ?? '' } });

function checked<Kind extends SenderKind>(kind: Kind, wanted: object): SenderSettings[Kind] {
  const parsed = schemas[kind].safeParse(wanted);
  if (!parsed.success) throw invalid(String(parsed.error.issues[0]?.path[0] ?? ''));
  const settings = parsed.data;
  // A password in clear on the wire is nobody's wish.
  if (isEmail(settings) && settings.security === 'none' && settings.user !== undefined)
    throw invalid('security');
  return settings;
}

const isEmail = (settings: SmsSender | EmailSender): settings is EmailSender => 'host' in settings;

const needsSecret = (kind: SenderKind, settings: SmsSender | EmailSender): boolean =>
  kind === 'sms' || (isEmail(settings) && settings.user !== undefined);

/** Whether the secret that was given for one may be sent to the other. */
function sameAccount(
  kind: SenderKind,
  one: SmsSender | EmailSender,
  other: SmsSender | EmailSender,
): boolean {
  const fields = kind === 'sms' ? ['accountSid'] : ['host', 'port', 'user', 'security', 'ca'];
  return (
    needsSecret(kind, other) && fields.every((field) => Reflect.get(one, field) === Reflect.get(other, field))
  );
}
