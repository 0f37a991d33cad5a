import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Actor, Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import {
  changeDocument,
  type Json,
  requireVersion,
  type Store,
  TopicFollower,
  versionTag,
} from '../storage/index.ts';
import { checkLogo, type Logo } from './logo.ts';
import type { Terms } from './terms.ts';

/** How the pages of a subscription look; what is absent is as it comes. */
export type Branding = {
  readonly name?: string;
  readonly logo?: Logo;
  /** `#rrggbb`, as it was chosen; what pages use is derived from it. */
  readonly accent?: string;
  readonly terms?: Terms;
};

/** Null takes a field back to how it comes; what is left out stays. */
export type BrandingChange = {
  readonly name?: string | null | undefined;
  readonly logo?: Buffer | null | undefined;
  readonly accent?: string | null | undefined;
  /** The text alone: another text is another version, which everybody is asked to accept. */
  readonly terms?: string | null | undefined;
};

export type BrandingView = { readonly branding: Branding; readonly version: string };

export type BrandingsOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'record'>;
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
};

const collection = 'branding';
const topic = 'branding';
const plain = (text: string): boolean => text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
const name = z.string().trim().min(1).max(60).refine(plain);
const accent = z
  .string()
  .trim()
  .regex(/^#[0-9a-f]{6}$/i)
  .transform((text) => text.toLowerCase());
const longestTerms = 20_000;
const terms = z
  .string()
  .trim()
  .min(1)
  .max(longestTerms)
  .refine((text) => text.isWellFormed() && !/[^\P{Cc}\n\t]/u.test(text));

const stored = z.object({
  name: name.optional(),
  accent: accent.optional(),
  logo: z
    .object({ type: z.enum(['image/png', 'image/svg+xml']), data: z.string(), hash: z.string() })
    .optional(),
  terms: z.object({ version: z.string(), text: z.string(), since: z.number() }).optional(),
});

const nothing: Branding = {};

/**
 * The branding of every subscription, in memory, as stored. Changes are in force when their call returns here, and within
 * a second in every process on the same store.
 */
export class Brandings {
  readonly #options: BrandingsOptions;
  readonly #follower: TopicFollower;
  #held = new Map<string, Branding>();

  private constructor(options: BrandingsOptions) {
    this.#options = options;
    const { store, clock, log } = options;
    this.#follower = new TopicFollower({
      store,
      clock,
      topic,
      read: () => this.#readAll(),
      failed: (error) => log.warn({ error }, 'branding cannot be read; what was known so far stays in force'),
    });
  }

  /** Reads all of it and follows its changes. Rejects with `store-unavailable`. */
  static async open(options: BrandingsOptions): Promise<Brandings> {
    const brandings = new Brandings(options);
    await brandings.#follower.start();
    return brandings;
  }

  current(subscription: string): Branding {
    return this.#held.get(subscription) ?? nothing;
  }

  /** The picture of this hash, whosever it is. */
  logo(hash: string): Logo | undefined {
    for (const { logo } of this.#held.values()) if (logo?.hash === hash) return logo;
    return undefined;
  }

  /** As it is stored at this moment. */
  async read(subscription: string): Promise<BrandingView> {
    const found = await this.#options.store.get<Json>(collection, subscription);
    return { branding: understood(found?.value), version: versionTag(found?.version) };
  }

  /**
   * Changes some of it at once, all or nothing. `seen`: the version that it is a change of. Rejects with
   * `invalid-setting` {setting, allowed}, `changed-meanwhile` or `store-unavailable`.
   */
  async change(subscription: string, change: BrandingChange, actor: Actor, seen?: string): Promise<Branding> {
    const { store, clock, audit } = this.#options;
    const checked = {
      name: judged(change.name, name, 'name', '1–60'),
      accent: judged(change.accent, accent, 'accent', '#0f5e63'),
      terms: judged(change.terms, terms, 'terms', `1–${longestTerms}`),
      logo: change.logo === null || change.logo === undefined ? change.logo : checkLogo(change.logo),
    };
    let fields: string[] = [];
    const value = await changeDocument<Json>(store, { collection, key: subscription }, (found, version) => {
      requireVersion(version, seen);
      const before = understood(found);
      const text = checked.terms;
      const same = text === before.terms?.text;
      const after: Record<string, unknown> = {
        name: fieldAfter(before.name, checked.name),
        accent: fieldAfter(before.accent, checked.accent),
        logo: fieldAfter(before.logo, checked.logo),
        terms: fieldAfter(
          before.terms,
          typeof text === 'string' && !same
            ? termsOf(text, clock.now())
            : same
              ? undefined
              : (text as null | undefined),
        ),
      };
      fields = Object.keys(after).filter(
        (field) => JSON.stringify(after[field]) !== JSON.stringify(Reflect.get(before, field)),
      );
      if (fields.length === 0) return undefined;
      const kept = Object.fromEntries(Object.entries(after).filter(([, each]) => each !== undefined));
      return { value: kept as Json, options: { announce: { topic, message: { subscription } } } };
    });
    if (fields.length > 0) audit.record({ type: 'branding.changed', subscription, fields, actor });
    await this.#follower.refresh();
    return understood(value);
  }

  close(): void {
    this.#follower.close();
  }

  async #readAll(): Promise<void> {
    const held = new Map<string, Branding>();
    let after: string | undefined;
    do {
      const page = await this.#options.store.list<Json>(collection, {
        limit: 50,
        ...(after === undefined ? {} : { after }),
      });
      for (const { key, value } of page.items) held.set(key, understood(value));
      after = page.next;
    } while (after !== undefined);
    this.#held = held;
  }
}

/** Undefined leaves a field as it was, null takes it away. */
const fieldAfter = <Field>(before: Field | undefined, change: Field | null | undefined): Field | undefined =>
  change === undefined ? before : (change ?? undefined);

/** The same text is the same version, whenever it was put back. */
const termsOf = (text: string, since: number): Terms => ({
  version: createHash('sha256').update(text).digest('base64url').slice(0, 12),
  text,
  since,
});

/** What cannot be read is as it comes: nobody is kept out by a broken logo. */
function understood(value: Json | undefined): Branding {
  const parsed = stored.safeParse(value ?? {});
  if (!parsed.success) return nothing;
  return Object.fromEntries(
    Object.entries(parsed.data).filter(([, field]) => field !== undefined),
  ) as Branding;
}

function judged<Value>(
  given: string | null | undefined,
  schema: z.ZodType<Value>,
  setting: string,
  allowed: string,
): Value | null | undefined {
  if (given === null || given === undefined) return given;
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new GatewayError('invalid-setting', { params: { setting, allowed } });
  return parsed.data;
}
