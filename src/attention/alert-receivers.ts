import { z } from 'zod';
import type { Audit } from '../audit/index.ts';
import { type Language, languages } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import { addressHint, parseEmailAddress } from '../delivery/index.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import type { Sealer, Store } from '../storage/index.ts';
import { type AlertChannel, type AlertKind, type AlertReceiver, alertKinds } from './alert-receiver.ts';

/** What an administrator asks for. */
export type AlertWish = {
  readonly name: string;
  readonly channel: AlertChannel;
  readonly target: string;
  readonly kinds: readonly AlertKind[];
  readonly language?: Language;
  readonly ca?: string;
};

/** A receiver as administrators see it: nothing that could be used elsewhere. */
export type AlertReceiverView = {
  readonly id: string;
  readonly name: string;
  readonly channel: AlertChannel;
  readonly kinds: readonly AlertKind[];
  readonly language: Language;
  /** The first letter and the domain, or scheme and host. */
  readonly hint: string;
  readonly addedAt: number;
  readonly addedBy: string;
};

type Stored = AlertReceiverView & {
  readonly sealedTarget: string;
  readonly sealedSecret?: string;
  readonly ca?: string;
};

export type AlertReceiversOptions = {
  readonly store: Pick<Store, 'get' | 'put' | 'delete' | 'list'>;
  readonly sealer: Sealer;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly audit: Pick<Audit, 'record'>;
};

const collection = 'alert-receivers';
const prefix = 'default/';
/** Each is told of each alert: a long list would be a way to make the gateway send much. */
const most = 50;
const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text));

/** Who is told of what needs attention, for the whole site. */
export class AlertReceivers {
  readonly #options: AlertReceiversOptions;

  constructor(options: AlertReceiversOptions) {
    this.#options = options;
  }

  /** In the order in which they were added. */
  async list(): Promise<AlertReceiverView[]> {
    return (await this.#all()).map(({ sealedTarget, sealedSecret, ca, ...view }) => view);
  }

  /**
   * Adds one; of a webhook, `secret` is what its bodies will be signed with, and never comes out again. Rejects with
   * `invalid-setting` {setting, allowed}, `invalid-address`.
   */
  async add(wish: AlertWish, actor: string): Promise<{ receiver: AlertReceiverView; secret?: string }> {
    const { store, sealer, clock, random, audit } = this.#options;
    const named = name.safeParse(wish.name);
    if (!named.success) throw invalid('name', '1–100');
    const kinds = alertKinds.filter((kind) => wish.kinds.includes(kind));
    if (kinds.length === 0) throw invalid('events', alertKinds.join(', '));
    const target = wish.channel === 'email' ? parseEmailAddress(wish.target) : webhookAddress(wish.target);
    if (wish.ca !== undefined && !wish.ca.includes('-----BEGIN CERTIFICATE-----')) throw invalid('ca', 'PEM');
    if ((await this.#all()).length >= most) throw invalid('receivers', `0–${most}`);
    const addedAt = clock.now();
    const id = randomName(random, 9);
    const record = { collection, key: `${prefix}${id}` };
    const secret = wish.channel === 'webhook' ? randomName(random, 32) : undefined;
    const view: AlertReceiverView = {
      id,
      name: named.data,
      channel: wish.channel,
      kinds,
      language: wish.language ?? languages[0],
      hint: wish.channel === 'email' ? addressHint(target) : new URL(target).origin,
      addedAt,
      addedBy: actor,
    };
    const stored: Stored = {
      ...view,
      sealedTarget: sealer.seal(record, 'alert-target', target),
      ...(secret === undefined ? {} : { sealedSecret: sealer.seal(record, 'alert-secret', secret) }),
      ...(wish.ca === undefined || wish.channel !== 'webhook' ? {} : { ca: wish.ca }),
    };
    await store.put(record.collection, record.key, stored, { ifVersion: 'absent' });
    audit.record({ type: 'alert.receiver-added', channel: wish.channel, receiver: view.name, actor });
    return { receiver: view, ...(secret === undefined ? {} : { secret }) };
  }

  /** Resolves to whether there was one. */
  async remove(id: string, actor: string): Promise<boolean> {
    const { store, audit } = this.#options;
    const found = await store.get<Stored>(collection, `${prefix}${id}`);
    if (found === undefined || !(await store.delete(collection, found.key))) return false;
    const { channel, name: receiver } = found.value;
    audit.record({ type: 'alert.receiver-removed', channel, receiver, actor });
    return true;
  }

  /** With everything that is needed to tell them. Undefined: there is none of that id. */
  async open(id: string): Promise<AlertReceiver | undefined> {
    const found = await this.#options.store.get<Stored>(collection, `${prefix}${id}`);
    return found && this.#open(found.value);
  }

  /** Those that want to know of `kind`. */
  async wanting(kind: AlertKind): Promise<AlertReceiver[]> {
    return (await this.#all()).filter(({ kinds }) => kinds.includes(kind)).map((each) => this.#open(each));
  }

  async #all(): Promise<Stored[]> {
    const page = await this.#options.store.list<Stored>(collection, { prefix, limit: 200 });
    return page.items.map(({ value }) => value).sort((one, other) => one.addedAt - other.addedAt);
  }

  #open(stored: Stored): AlertReceiver {
    const { sealer } = this.#options;
    const { id, name: called, channel, kinds, language, sealedTarget, sealedSecret, ca } = stored;
    const record = { collection, key: `${prefix}${id}` };
    return {
      ...{ id, name: called, channel, kinds, language },
      target: sealer.open(record, sealedTarget),
      ...(sealedSecret === undefined ? {} : { secret: sealer.open(record, sealedSecret) }),
      ...(ca === undefined ? {} : { ca }),
    };
  }
}

/** Only https, so that nobody in between reads or answers; credentials belong into the path or nowhere. */
function webhookAddress(typed: string): string {
  const url = URL.parse(typed.trim());
  const fine = url !== null && url.protocol === 'https:' && url.username === '' && url.password === '';
  if (!fine || typed.length > 2_048) throw invalid('target', 'https://…');
  url.hash = '';
  return url.href;
}

const invalid = (setting: string, allowed: string): GatewayError =>
  new GatewayError('invalid-setting', { params: { setting, allowed } });
