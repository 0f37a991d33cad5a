import type { ProblemCode } from '../errors.ts';
import type { Branding, Page } from './page-shell.ts';

/** Pages that need no script: what is said when something ended, failed or was refused. */
export type PlainPageKind =
  | 'refused'
  | 'not-assigned'
  | 'locked'
  | 'unreachable'
  | 'expired'
  | 'signed-out'
  | 'store-unavailable'
  | 'bad-request'
  | 'not-found'
  | 'no-owner'
  | 'failed';

export type PlainPageInput = {
  readonly kind: PlainPageKind;
  readonly language: string;
  /** The catalogue bound to `language`: keys `page.*`. */
  readonly text: (key: string, params?: Record<string, string | number>) => string;
  readonly params?: {
    /** Name of the application that was wanted. */
    readonly application?: string;
    /** Name of the signed-in user. */
    readonly user?: string;
    /** Seconds until another try can succeed. */
    readonly retryAfter?: number;
    /** Where "Sign in" and "Try again" lead; a path of this origin or a URL that the caller has checked. */
    readonly returnTo?: string;
  };
  /** Setting *Helpdesk contact*; empty: no line. */
  readonly helpdesk?: string;
  readonly branding: Branding;
  /** Origin of the portal when the page is shown on another host, without a last slash. */
  readonly portal?: string;
  /** The exact status when one kind serves several (502, 503, 504). */
  readonly status?: number;
};

export type PlainPage = Page & {
  readonly status: number;
  /** Beyond `pageHeaders`: `Refresh`, `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;
};

/** Which page tells of a problem. */
export function plainPageKind(_code: ProblemCode): PlainPageKind {
  throw new Error('not built yet');
}

/** A whole page without script: pure, complete, safe to send with `pageHeaders`. */
export function renderPlainPage(_input: PlainPageInput): PlainPage {
  throw new Error('not built yet');
}
