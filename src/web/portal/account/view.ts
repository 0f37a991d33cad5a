import type { AccountAnswer, AppSetupAnswer } from '../../../portal/index.ts';
import type { Problem } from '../api.ts';
import type { SentMethod } from '../parts/code-kind.ts';
import type { Sent } from '../parts/use-sending.ts';

export type SentFactor = NonNullable<AccountAnswer['phone']>;
export type LiveSession = AccountAnswer['sessions'][number];

/** A change that needs a code typed now. */
export type Change =
  | { readonly kind: 'add-app' }
  /** `phone` where the user says which. */
  | { readonly kind: 'add-sent'; readonly method: SentMethod; readonly phone?: string }
  | { readonly kind: 'recovery' }
  /** `label` is never empty: what has no name is named after its kind. */
  | {
      readonly kind: 'remove';
      readonly factor: { readonly id: string; readonly label: string; readonly sent: boolean };
    };

/** What the account page shows. */
export type View =
  | { readonly at: 'overview'; readonly news?: string }
  | { readonly at: 'choose' }
  | { readonly at: 'phone'; readonly typed?: string; readonly refused?: Problem }
  | { readonly at: 'confirm'; readonly change: Change }
  | { readonly at: 'add'; readonly setup: AppSetupAnswer }
  | { readonly at: 'add-sent'; readonly method: SentMethod; readonly sent?: Sent }
  | { readonly at: 'codes'; readonly codes: readonly string[] }
  | { readonly at: 'password' }
  | { readonly at: 'end'; readonly session: LiveSession }
  | { readonly at: 'everywhere' };
