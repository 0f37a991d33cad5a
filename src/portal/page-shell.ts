import type { PageAssets } from './page-assets.ts';
import type { BootData, PageStates, PortalPage } from './page-state.ts';

export type Branding = {
  /** The site's name, above the card and in titles. */
  readonly name: string;
};

export type ShellInput<Page extends PortalPage = PortalPage> = {
  readonly page: Page;
  readonly language: string;
  /** Fresh for each answer, base64, at least 128 random bits. */
  readonly nonce: string;
  /** Texts of `language`: those whose keys begin with `portal.` and `problem.` suffice. */
  readonly texts: Readonly<Record<string, string>>;
  readonly state: PageStates[Page];
  readonly assets: PageAssets;
  /** Of the tab; absent: the page's own, from `texts`. */
  readonly title?: string;
  readonly branding: Branding;
  /** Setting *Helpdesk contact*. */
  readonly helpdesk?: string;
  readonly languages?: BootData['languages'];
};

export type Page = {
  readonly html: string;
  /** Value of `Content-Security-Policy`. */
  readonly csp: string;
};

/** The HTML around the browser app: pure, complete, safe to send with `pageHeaders`. */
export function renderShell<P extends PortalPage>(_input: ShellInput<P>): Page {
  throw new Error('not built yet');
}
