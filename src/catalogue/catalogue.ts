import { createRequire } from 'node:module';
import { createInstance } from 'i18next';
import type { ProblemCode } from '../errors.ts';
import type { commandAreas } from './command-areas.ts';
import type { consoleAreaTexts } from './console-areas.ts';
import { groundAreas } from './ground-areas.ts';
import { type Language, languages } from './language.ts';
import { setType } from './typography.ts';

/** Two thirds of all texts are for administrators and at the command line: a gateway that nobody asks for them has none in memory. */
type Families = {
  readonly ground: typeof groundAreas;
  readonly commands: typeof commandAreas;
  readonly console: typeof consoleAreaTexts;
};
type Family = keyof Families;
type Areas = Families['ground']['en'] & Families['commands']['en'] & Families['console']['en'];
type Texts = Readonly<Record<string, string>>;

/** Loads in the middle of a call, which a dynamic import can't. */
const load = createRequire(import.meta.url);
const families: { readonly [Name in Family]: () => Record<Language, Readonly<Record<string, Texts>>> } = {
  ground: () => groundAreas,
  commands: () => (load('./command-areas.ts') as { commandAreas: typeof commandAreas }).commandAreas,
  console: () =>
    (load('./console-areas.ts') as { consoleAreaTexts: typeof consoleAreaTexts }).consoleAreaTexts,
};

/** A part of the catalogue with a writer of its own: `problems`, `portal`, `pages`, `cli`, `demo`, `messages`. */
export type Area = keyof Areas;

const familyOf = (area: string): Family => {
  if (/^console(?:-|$)/.test(area)) return 'console';
  return area.startsWith('cli-') ? 'commands' : 'ground';
};

/** All that the console shows: its frame's area and one for each page. Loads them. */
export const consoleAreas = (): readonly Area[] => Object.keys(families.console().en) as Area[];

const areaTexts = (language: Language, area: Area): Texts => families[familyOf(area)]()[language][area] ?? {};

type Entries<Name extends Area> = Areas[Name];
type StoredKey = { [Name in Area]: keyof Entries<Name> }[Area] & string;

/** A text as one asks for it: plural forms and details are chosen by the parameters, not by the caller. */
export type CatalogueKey = StoredKey extends infer Key
  ? Key extends `${infer Base}_one` | `${infer Base}_other`
    ? Base
    : Key
  : never;

/** Values of the `{{placeholders}}`; `count` also chooses the plural form. */
export type TextParams = Readonly<Record<string, string | number>>;

/** What a problem text is made from; a `GatewayError` is one. */
export type ProblemFacts = {
  readonly code: ProblemCode;
  readonly params?: TextParams;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
};

/** Every text that people read, in each language. Holds no state of any reader. */
export interface Catalogue {
  /** Plain text, not escaped: whoever puts it into HTML escapes it there. Values are inserted, never interpreted. */
  text(language: Language, key: CatalogueKey, params?: TextParams): string;
  /**
   * The text of a problem: the one with figures (`_detail`) where `params` and `retryAfter` fill all its
   * placeholders, else the plain one. `retryAfter` fills `{{seconds}}` and, rounded up, `{{minutes}}`.
   */
  problem(language: Language, problem: ProblemFacts): string;
  /**
   * All texts of some areas, plural forms as keys of their own, for a page that can't ask the server. The same
   * frozen object for the same arguments.
   */
  texts(language: Language, areas: readonly Area[]): Readonly<Record<string, string>>;
}

/** `{{name}}` as i18next writes it. */
export const placeholdersOf = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '');

/** One language's area as served: typography applied, and `_many` present wherever the language may ask for it. */
function serve(language: Language, entries: Readonly<Record<string, string>>): Record<string, string> {
  const served: Record<string, string> = {};
  for (const [key, text] of Object.entries(entries)) {
    served[key] = setType(language, text);
    if (key.endsWith('_other')) served[key.replace(/_other$/, '_many')] ??= served[key];
  }
  return served;
}

/** Makes the catalogue, with an i18next instance of its own. Each language is set in type when somebody reads it. */
export function createCatalogue(): Catalogue {
  const i18n = createInstance();
  i18n.init({
    resources: {},
    lng: languages[0],
    fallbackLng: languages[0],
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  const translators = new Map<Language, ReturnType<typeof i18n.getFixedT>>();
  const loaded = new Set<string>();
  function translatorFor(language: Language, key: string): ReturnType<typeof i18n.getFixedT> {
    const ready = (family: Family): void => {
      const name = `${language} ${family}`;
      if (loaded.has(name)) return;
      loaded.add(name);
      const entries = Object.values(families[family]()[language]).map((area) => serve(language, area));
      i18n.addResourceBundle(language, 'translation', Object.assign({}, ...entries), false, true);
    };
    ready('ground');
    if (key.startsWith('console.')) ready('console');
    else if (key.startsWith('cli.') && !Object.hasOwn(groundAreas.en.cli, key)) ready('commands');
    const known = translators.get(language) ?? i18n.getFixedT(language);
    translators.set(language, known);
    return known;
  }
  const problems: Readonly<Record<string, string>> = groundAreas.en.problems;
  const embedded = new Map<string, Readonly<Record<string, string>>>();

  const text = (language: Language, key: string, params: TextParams = {}): string =>
    translatorFor(language, key)(key, params);

  return {
    text,
    problem(language, { code, params = {}, retryAfter }) {
      const key = `problem.${code}`;
      const detail = problems[`${key}_detail`] ?? problems[`${key}_detail_other`];
      if (detail === undefined) return text(language, key, params);
      const values: Record<string, string | number> =
        retryAfter === undefined
          ? params
          : { seconds: Math.ceil(retryAfter), minutes: Math.ceil(retryAfter / 60), ...params };
      const needed = placeholdersOf(detail);
      if (needed.some((name) => values[name] === undefined)) return text(language, key, params);
      const figure = needed.map((name) => values[name]).find((value) => typeof value === 'number');
      return text(language, `${key}_detail`, figure === undefined ? values : { ...values, count: figure });
    },
    texts(language, wanted) {
      const cacheKey = [language, ...wanted].join(' ');
      const known = embedded.get(cacheKey);
      if (known !== undefined) return known;
      const made = Object.freeze(
        Object.assign({}, ...wanted.map((area) => serve(language, areaTexts(language, area)))) as Record<
          string,
          string
        >,
      );
      embedded.set(cacheKey, made);
      return made;
    },
  };
}
