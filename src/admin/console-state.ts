import type { CatalogueKey } from '../catalogue/index.ts';

/** The texts that the console asks for: its own, and what settings mean, in the words of the command line. */
export type ConsoleTextKey = Extract<
  CatalogueKey,
  `console.${string}` | `settings.meaning.${string}` | `settings.unit.${string}`
>;

/** What the console finds in `<script type="application/json" id="boot">`; the shell writes it, `web/console` reads it. */
export type ConsoleBoot = {
  readonly language: string;
  /** Every language there is, by tag and in its own words, for the switch. */
  readonly languages: readonly { readonly tag: string; readonly name: string }[];
  /** The catalogue's areas of the console, and the portal's words around codes, in `language`. */
  readonly texts: Readonly<Record<string, string>>;
  readonly site: { readonly name: string; readonly helpdesk: string };
  /** The address of the site's own mark, in the place of ours. */
  readonly logo?: string;
  /** Where applications are. */
  readonly portalUrl: string;
};
