import { createInstance } from 'i18next';
import type { ProblemCode } from '../errors.ts';
import { attention as enAttention } from './en/attention.ts';
import { audit as enAudit } from './en/audit.ts';
import { cli as enCli } from './en/cli.ts';
import { cliGroup as enCliGroup } from './en/cli-group.ts';
import { cliHome as enCliHome } from './en/cli-home.ts';
import { cliLicense as enCliLicense } from './en/cli-license.ts';
import { cliOversight as enCliOversight } from './en/cli-oversight.ts';
import { cliRdp as enCliRdp } from './en/cli-rdp.ts';
import { cliSite as enCliSite } from './en/cli-site.ts';
import { cliSubscription as enCliSubscription } from './en/cli-subscription.ts';
import { cliUser as enCliUser } from './en/cli-user.ts';
import { consoleTexts as enConsole } from './en/console.ts';
import { consoleAdministrators as enConsoleAdministrators } from './en/console-administrators.ts';
import { consoleAlerts as enConsoleAlerts } from './en/console-alerts.ts';
import { consoleApplications as enConsoleApplications } from './en/console-applications.ts';
import { consoleAudit as enConsoleAudit } from './en/console-audit.ts';
import { consoleBranding as enConsoleBranding } from './en/console-branding.ts';
import { consoleHome as enConsoleHome } from './en/console-home.ts';
import { consoleLicence as enConsoleLicence } from './en/console-licence.ts';
import { consoleMessages as enConsoleMessages } from './en/console-messages.ts';
import { consoleRdp as enConsoleRdp } from './en/console-rdp.ts';
import { consoleSessions as enConsoleSessions } from './en/console-sessions.ts';
import { consoleSettings as enConsoleSettings } from './en/console-settings.ts';
import { consoleSubscriptions as enConsoleSubscriptions } from './en/console-subscriptions.ts';
import { consoleUsers as enConsoleUsers } from './en/console-users.ts';
import { consoleWhy as enConsoleWhy } from './en/console-why.ts';
import { demo as enDemo } from './en/demo.ts';
import { logon as enLogon } from './en/logon.ts';
import { messages as enMessages } from './en/messages.ts';
import { notices as enNotices } from './en/notices.ts';
import { pages as enPages } from './en/pages.ts';
import { people as enPeople } from './en/people.ts';
import { portal as enPortal } from './en/portal.ts';
import { problems as enProblems } from './en/problems.ts';
import { senders as enSenders } from './en/senders.ts';
import { settings as enSettings } from './en/settings.ts';
import { attention as frAttention } from './fr/attention.ts';
import { audit as frAudit } from './fr/audit.ts';
import { cli as frCli } from './fr/cli.ts';
import { cliGroup as frCliGroup } from './fr/cli-group.ts';
import { cliHome as frCliHome } from './fr/cli-home.ts';
import { cliLicense as frCliLicense } from './fr/cli-license.ts';
import { cliOversight as frCliOversight } from './fr/cli-oversight.ts';
import { cliRdp as frCliRdp } from './fr/cli-rdp.ts';
import { cliSite as frCliSite } from './fr/cli-site.ts';
import { cliSubscription as frCliSubscription } from './fr/cli-subscription.ts';
import { cliUser as frCliUser } from './fr/cli-user.ts';
import { consoleTexts as frConsole } from './fr/console.ts';
import { consoleAdministrators as frConsoleAdministrators } from './fr/console-administrators.ts';
import { consoleAlerts as frConsoleAlerts } from './fr/console-alerts.ts';
import { consoleApplications as frConsoleApplications } from './fr/console-applications.ts';
import { consoleAudit as frConsoleAudit } from './fr/console-audit.ts';
import { consoleBranding as frConsoleBranding } from './fr/console-branding.ts';
import { consoleHome as frConsoleHome } from './fr/console-home.ts';
import { consoleLicence as frConsoleLicence } from './fr/console-licence.ts';
import { consoleMessages as frConsoleMessages } from './fr/console-messages.ts';
import { consoleRdp as frConsoleRdp } from './fr/console-rdp.ts';
import { consoleSessions as frConsoleSessions } from './fr/console-sessions.ts';
import { consoleSettings as frConsoleSettings } from './fr/console-settings.ts';
import { consoleSubscriptions as frConsoleSubscriptions } from './fr/console-subscriptions.ts';
import { consoleUsers as frConsoleUsers } from './fr/console-users.ts';
import { consoleWhy as frConsoleWhy } from './fr/console-why.ts';
import { demo as frDemo } from './fr/demo.ts';
import { logon as frLogon } from './fr/logon.ts';
import { messages as frMessages } from './fr/messages.ts';
import { notices as frNotices } from './fr/notices.ts';
import { pages as frPages } from './fr/pages.ts';
import { people as frPeople } from './fr/people.ts';
import { portal as frPortal } from './fr/portal.ts';
import { problems as frProblems } from './fr/problems.ts';
import { senders as frSenders } from './fr/senders.ts';
import { settings as frSettings } from './fr/settings.ts';
import { type Language, languages } from './language.ts';
import { setType } from './typography.ts';

const areas = {
  en: {
    attention: enAttention,
    audit: enAudit,
    problems: enProblems,
    people: enPeople,
    portal: enPortal,
    pages: enPages,
    cli: enCli,
    'cli-home': enCliHome,
    'cli-oversight': enCliOversight,
    'cli-group': enCliGroup,
    'cli-rdp': enCliRdp,
    'cli-license': enCliLicense,
    'cli-subscription': enCliSubscription,
    'cli-user': enCliUser,
    'console-sessions': enConsoleSessions,
    'console-applications': enConsoleApplications,
    'cli-site': enCliSite,
    demo: enDemo,
    senders: enSenders,
    settings: enSettings,
    notices: enNotices,
    messages: enMessages,
    logon: enLogon,
    console: enConsole,
    'console-licence': enConsoleLicence,
    'console-subscriptions': enConsoleSubscriptions,
    'console-home': enConsoleHome,
    'console-alerts': enConsoleAlerts,
    'console-branding': enConsoleBranding,
    'console-rdp': enConsoleRdp,
    'console-users': enConsoleUsers,
    'console-administrators': enConsoleAdministrators,
    'console-audit': enConsoleAudit,
    'console-why': enConsoleWhy,
    'console-messages': enConsoleMessages,
    'console-settings': enConsoleSettings,
  },
  fr: {
    attention: frAttention,
    audit: frAudit,
    problems: frProblems,
    people: frPeople,
    portal: frPortal,
    pages: frPages,
    cli: frCli,
    'cli-home': frCliHome,
    'cli-oversight': frCliOversight,
    'cli-group': frCliGroup,
    'cli-rdp': frCliRdp,
    'cli-license': frCliLicense,
    'cli-subscription': frCliSubscription,
    'cli-user': frCliUser,
    'console-sessions': frConsoleSessions,
    'console-applications': frConsoleApplications,
    'cli-site': frCliSite,
    demo: frDemo,
    senders: frSenders,
    settings: frSettings,
    notices: frNotices,
    messages: frMessages,
    logon: frLogon,
    console: frConsole,
    'console-licence': frConsoleLicence,
    'console-subscriptions': frConsoleSubscriptions,
    'console-home': frConsoleHome,
    'console-alerts': frConsoleAlerts,
    'console-branding': frConsoleBranding,
    'console-rdp': frConsoleRdp,
    'console-users': frConsoleUsers,
    'console-administrators': frConsoleAdministrators,
    'console-audit': frConsoleAudit,
    'console-why': frConsoleWhy,
    'console-messages': frConsoleMessages,
    'console-settings': frConsoleSettings,
  },
} as const satisfies Record<Language, Record<string, Readonly<Record<string, string>>>>;

/** A part of the catalogue with a writer of its own: `problems`, `portal`, `pages`, `cli`, `demo`, `messages`. */
export type Area = keyof (typeof areas)['en'];

/** All that the console shows: its frame's area and one for each page. */
export const consoleAreas = (Object.keys(areas.en) as Area[]).filter((area) => /^console(?:-|$)/.test(area));

type Entries<Name extends Area> = (typeof areas)['en'][Name];
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
  function translatorOf(language: Language): ReturnType<typeof i18n.getFixedT> {
    const known = translators.get(language);
    if (known !== undefined) return known;
    const entries = Object.values(areas[language]).map((area) => serve(language, area));
    i18n.addResourceBundle(language, 'translation', Object.assign({}, ...entries));
    const made = i18n.getFixedT(language);
    translators.set(language, made);
    return made;
  }
  const problems: Readonly<Record<string, string>> = areas.en.problems;
  const embedded = new Map<string, Readonly<Record<string, string>>>();

  const text = (language: Language, key: string, params: TextParams = {}): string =>
    translatorOf(language)(key, params);

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
        Object.assign({}, ...wanted.map((area) => serve(language, areas[language][area]))) as Record<
          string,
          string
        >,
      );
      embedded.set(cacheKey, made);
      return made;
    },
  };
}
