import type { Clock } from '../clock.ts';
import type { AppDraft } from '../second-factors/index.ts';
import type { SessionRecord } from '../sessions/index.ts';
import { changeDocument, type Sealer, type Store } from '../storage/index.ts';
import { type FarCode, pendingLifetime, type SealedDraft } from './pending-sign-ins.ts';

type StoredDraft = SealedDraft & { readonly startedAt: number; readonly far?: FarCode };

/** A further app that no code has proven yet. */
export type AccountDraft = Omit<AppDraft, 'uri'> & { readonly far?: FarCode };

const collection = 'pending';

/** Further apps between their key and their first code: one at a time for each session, for ten minutes. */
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

  /** Of any number of callers one gets true. */
  consume(session: SessionRecord): Promise<boolean> {
    return this.#store.delete(collection, keyOf(session));
  }
}

const keyOf = ({ subscription, user, id }: SessionRecord): string =>
  `${subscription}/${user.key}/account-${id}`;
