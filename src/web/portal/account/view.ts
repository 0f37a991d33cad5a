import type { AccountAnswer, AppSetupAnswer } from '../../../portal/index.ts';

/** `label` is never empty here: what has no name is named after its kind. */
export type App = AccountAnswer['apps'][number];
export type LiveSession = AccountAnswer['sessions'][number];

/** A change that needs a code typed now. */
export type Change =
  | { readonly kind: 'add' }
  | { readonly kind: 'recovery' }
  | { readonly kind: 'remove'; readonly app: App };

/** What the account page shows. */
export type View =
  | { readonly at: 'overview'; readonly news?: string }
  | { readonly at: 'confirm'; readonly change: Change }
  | { readonly at: 'add'; readonly setup: AppSetupAnswer }
  | { readonly at: 'codes'; readonly codes: readonly string[] }
  | { readonly at: 'password' }
  | { readonly at: 'end'; readonly session: LiveSession }
  | { readonly at: 'everywhere' };
