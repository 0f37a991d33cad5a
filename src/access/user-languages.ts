import { type Language, languages } from '../catalogue/index.ts';
import type { Store } from '../storage/index.ts';

type StoredLanguage = { readonly language: string };

const collection = 'languages';

/** The language that each user last signed in in: what messages to them are written in. Keyed `subscription/user key`. */
export class UserLanguages {
  readonly #store: Pick<Store, 'get' | 'put' | 'delete'>;

  constructor(store: Pick<Store, 'get' | 'put' | 'delete'>) {
    this.#store = store;
  }

  /** English for somebody who never signed in. */
  async of(subscription: string, user: string): Promise<Language> {
    const found = await this.#store.get<StoredLanguage>(collection, `${subscription}/${user}`);
    return languages.find((each) => each === found?.value.language) ?? languages[0];
  }

  /** Writes only what changes: most people keep their language. */
  async remember(subscription: string, user: string, language: string): Promise<void> {
    const key = `${subscription}/${user}`;
    const found = await this.#store.get<StoredLanguage>(collection, key);
    if (found?.value.language === language || !languages.some((each) => each === language)) return;
    await this.#store.put(collection, key, { language });
  }

  /** Of a deleted user. */
  async forget(subscription: string, user: string): Promise<void> {
    await this.#store.delete(collection, `${subscription}/${user}`);
  }
}
