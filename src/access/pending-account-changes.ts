import type { Clock } from '../clock.ts';
import type { AppDraft, SentMethod } from '../second-factors/index.ts';
import type { SessionRecord } from '../sessions/index.ts';
import { changeDocument, type Sealer, type Store } from '../storage/index.ts';
import { type FarCode, pendingLifetime, type SealedDraft } from './pending-sign-ins.ts';

type StoredDraft = SealedDraft & { readonly startedAt: number; readonly far?: FarCode };

/** A further app that no code has proven yet. */
export type AccountDraft = Omit<AppDraft, 'uri'> & { readonly far?: FarCode };

type StoredSentDraft = { readonly enrolment: string; readonly sealedTo: string };

/** A number (E.164) or address that no code has proven yet. */
export type SentDraft = { readonly method: SentMethod; readonly enrolment: string; readonly to: string };

const collection = 'pending';

/** Further apps, numbers and addresses before their first code: one at a time for each session, for ten minutes. */
export class AccountDrafts {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #sealer: Sealer;

  constructor(parts: { store: Store; clock: Clock; sealer: Sealer }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#sealer = parts.sealer;
  }

  async put(session: SessionRecord, { uri, secret, ...draft }: AppDraft): Promise<void> {
    const key = keyOf(session);
    const startedAt = this.#clock.now();
    const sealedSecret = this.#sealer.seal({ collection, key }, 'totp-secret', secret);
    const stored: StoredDraft = { ...draft, sealedSecret, startedAt };
    await this.#store.put(collection, key, stored, { expiresAt: startedAt + pendingLifetime });
  }

  async find(session: SessionRecord): Promise<AccountDraft | undefined> {
    const key = keyOf(session);
    const found = await this.#store.get<StoredDraft>(collection, key);
    if (found === undefined) return undefined;
    const { sealedSecret, startedAt, ...draft } = found.value;
    return { ...draft, secret: this.#sealer.open({ collection, key }, sealedSecret) };
  }

  async rememberFar(session: SessionRecord, draft: string, far: FarCode): Promise<void> {
    await changeDocument<StoredDraft>(this.#store, { collection, key: keyOf(session) }, (stored) =>
      stored === undefined || stored.id !== draft
        ? undefined
        : { value: { ...stored, far }, options: { expiresAt: stored.startedAt + pendingLifetime } },
    );
  }

  /** A number or address that nothing but its code is missing of, one at a time for each method. */
  async putSent(session: SessionRecord, { method, to, enrolment }: SentDraft): Promise<void> {
    const key = sentKeyOf(session, method);
    const sealedTo = this.#sealer.seal({ collection, key }, 'code-destination', to);
    const stored: StoredSentDraft = { enrolment, sealedTo };
    await this.#store.put(collection, key, stored, { expiresAt: this.#clock.now() + pendingLifetime });
  }

  async findSent(session: SessionRecord, method: SentMethod): Promise<SentDraft | undefined> {
    const key = sentKeyOf(session, method);
    const found = await this.#store.get<StoredSentDraft>(collection, key);
    if (found === undefined) return undefined;
    const { enrolment, sealedTo } = found.value;
    return { method, enrolment, to: this.#sealer.open({ collection, key }, sealedTo) };
  }

  /** Of any number of callers one gets true. */
  consumeSent(session: SessionRecord, method: SentMethod): Promise<boolean> {
    return this.#store.delete(collection, sentKeyOf(session, method));
  }

  /** Of any number of callers one gets true. */
  consume(session: SessionRecord): Promise<boolean> {
    return this.#store.delete(collection, keyOf(session));
  }
}

const sentKeyOf = ({ subscription, user, id }: SessionRecord, method: SentMethod): string =>
  `${subscription}/${user.key}/adding-${id}/new-${method}`;

const keyOf = ({ subscription, user, id }: SessionRecord): string =>
  `${subscription}/${user.key}/account-${id}`;
