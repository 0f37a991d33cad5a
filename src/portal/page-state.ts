import type { CatalogueKey } from '../catalogue/index.ts';

/** What the browser app finds in `<script type="application/json" id="boot">`; the shell writes it, `web/portal` reads it. */

/** The texts that the browser app asks for. */
export type PortalTextKey = Extract<CatalogueKey, `portal.${string}`>;

/** The pages that the browser app draws. */
export type PortalPage =
  | 'sign-in'
  | 'owner'
  | 'recover'
  | 'invitation'
  | 'account'
  | 'launcher'
  | 'renew'
  | 'sign-out';

export type SignInState = {
  /** Where to go afterwards; checked by the server, sent back with the password. */
  readonly returnTo?: string;
  /** The application behind `returnTo`: "Please sign in to continue to …". */
  readonly application?: string;
  /** Why the person is here, when something ended. */
  readonly reason?: 'expired' | 'signed-out';
  /** False until the owner exists: then the page says first how to begin. */
  readonly ready?: boolean;
  /** Told before an initial password is replaced. */
  readonly minimumPasswordLength?: number;
};

/** The ticket, and with `recover` the name, come in the address' fragment, which never reaches the server. */
export type OwnerState = { readonly minimumPasswordLength?: number };

/** The account page asks the API for everything else. */
export type AccountState = { readonly minimumPasswordLength?: number };

/** The launcher asks `GET api/v1/session` for its applications. */
export type LauncherState = Record<string, never>;

/** The page asks `GET api/v1/session` how long is left, and by what it can be renewed. */
export type RenewState = {
  /** The page that led here belongs to an earlier session than this browser has at the portal. */
  readonly other?: boolean;
};

export type SignOutState = {
  /** Where "Sign in again" leads. */
  readonly returnTo?: string;
};

export type PageStates = {
  'sign-in': SignInState;
  owner: OwnerState;
  recover: OwnerState;
  invitation: OwnerState;
  account: AccountState;
  launcher: LauncherState;
  renew: RenewState;
  'sign-out': SignOutState;
};

export type BootData<Page extends PortalPage = PortalPage> = {
  readonly page: Page;
  readonly language: string;
  /** Every language there is, by tag and in its own words, for the switch. */
  readonly languages: readonly { readonly tag: string; readonly name: string }[];
  /** The catalogue's area `portal`, in `language`; problems come with the API's answers. */
  readonly texts: Readonly<Record<string, string>>;
  readonly state: PageStates[Page];
  readonly site: {
    /** Above the card and in every title. */
    readonly name: string;
    /** Free text of the setting *Helpdesk contact*; may be empty. */
    readonly helpdesk: string;
  };
};
