/** A stored value with the version that a later compare-and-set can name. */
export type Document<Value> = {
  readonly key: string;
  readonly value: Value;
  /** Grows by one with each write of this key; starts at random, so that a deleted namesake never had it. */
  readonly version: number;
  /** Unix milliseconds; absent means for ever. */
  readonly expiresAt?: number;
};

/** `absent`: only if no unexpired document has the key. A number: only if it is still at that version. */
export type IfVersion = number | 'absent';

/** A message published in the same transaction as the write it belongs to: both happen or neither does. */
export type Announcement = { topic: string; message: Json };

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

export type PutOptions = {
  ifVersion?: IfVersion;
  /** Unix milliseconds, judged by the injected clock on every read. */
  expiresAt?: number;
  /** Folded words under which `list` finds the document; replaced as a whole by each put. */
  terms?: readonly string[];
  announce?: Announcement;
};

export type DeleteOptions = { ifVersion?: number; announce?: Announcement };

export type ListQuery = {
  /** Keys that begin with this. */
  prefix?: string;
  /** Documents with a term that begins with this (folded: lower case, without diacritics). */
  term?: string;
  /** The cursor of the page before. */
  after?: string;
  limit: number;
};

export type Page<Item> = {
  readonly items: readonly Item[] /** Absent on the last page. */;
  readonly next?: string;
};

export type StreamEntry<Value> = { readonly id: string; readonly at: number; readonly value: Value };

export type StreamQuery = {
  /** Entries that carry all of these tags. */
  tags?: readonly string[];
  /** Unix milliseconds, inclusive. */
  from?: number;
  /** Unix milliseconds, exclusive. */
  to?: number;
  /** The cursor of the page before; newest entries come first. */
  before?: string;
  limit: number;
};

export interface Listener {
  message(message: Json): void;
  /** Messages may have been missed from now on: trust nothing that they would have changed. */
  deaf?(): void;
  /** Messages arrive again; whatever was remembered has to be read afresh. */
  hearing?(): void;
}

export type Subscription = { readonly deaf: boolean; close(): void };

/** `ok: false` says why in words for an administrator. */
export type StoreHealth = { ok: true } | { ok: false; reason: string };

/**
 * The one store contract. Every implementation passes `test/contracts/store.contract.ts`.
 * A resolved write survives a kill. Failures reject with GatewayError `store-unavailable`;
 * a lost compare-and-set rejects with GatewayError `conflict`. Values are plain JSON.
 */
export interface Store {
  get<Value extends Json>(collection: string, key: string): Promise<Document<Value> | undefined>;
  /** In the order of `keys`, with `undefined` for those that are not there. */
  getMany<Value extends Json>(
    collection: string,
    keys: readonly string[],
  ): Promise<(Document<Value> | undefined)[]>;
  /** Resolves to the new version. */
  put(collection: string, key: string, value: Json, options?: PutOptions): Promise<number>;
  /** Resolves to whether an unexpired document was there. */
  delete(collection: string, key: string, options?: DeleteOptions): Promise<boolean>;
  /** Ordered by key (its UTF-8 bytes); never expired ones. */
  list<Value extends Json>(collection: string, query: ListQuery): Promise<Page<Document<Value>>>;
  /** Resolves to the id of the entry. `expiresAt` bounds how long it is kept. */
  append(
    stream: string,
    entry: Json,
    options: { tags: readonly string[]; expiresAt?: number },
  ): Promise<string>;
  read<Value extends Json>(stream: string, query: StreamQuery): Promise<Page<StreamEntry<Value>>>;
  publish(topic: string, message: Json): Promise<void>;
  /** Hears every message published after this returns, own ones included, within 100 ms. */
  subscribe(topic: string, listener: Listener): Subscription;
  health(): Promise<StoreHealth>;
  close(): Promise<void>;
}
