import type { CatalogueKey, TextParams } from '../catalogue/index.ts';
import type { ProblemCode } from '../errors.ts';

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
  | 'doubled'
  | 'not-found'
  | 'no-owner'
  | 'failed';

type Destination = 'sign-in' | 'sign-out' | 'applications' | 'again';

type Facts = {
  readonly text: (key: CatalogueKey, params?: TextParams) => string;
  readonly helpdesk: string;
  readonly application?: string | undefined;
  readonly user?: string | undefined;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  readonly detail?: string | undefined;
};

type Content = {
  readonly title: string;
  readonly sentences: readonly string[];
  /** The first is the button. */
  readonly actions: readonly { readonly to: Destination; readonly text: string }[];
  /** The sentences name the helpdesk already. */
  readonly saysHelpdesk?: boolean;
};

type Definition = {
  readonly status: number;
  /** The problems this page tells of. */
  readonly codes: readonly ProblemCode[];
  /** Loads itself again every few seconds. */
  readonly refreshes?: boolean;
  readonly content: (facts: Facts) => Content;
};

/** "Ask your helpdesk", or the contact itself where the site gave one. */
const ask = ({ text, helpdesk }: Facts, page: 'not-assigned' | 'locked'): string =>
  helpdesk === '' ? text(`pages.${page}.ask`) : text(`pages.${page}.ask-contact`, { contact: helpdesk });

/** Each page: its status, the problems it tells of, and its words. */
export const plainPages: Readonly<Record<PlainPageKind, Definition>> = {
  refused: {
    status: 403,
    codes: ['cross-origin', 'not-allowed', 'account-disabled', 'not-enabled', 'service-worker-refused'],
    content: ({ text, detail }) => ({
      title: text('pages.refused.title'),
      sentences: [detail ?? text('pages.refused.text')],
      actions: [{ to: 'sign-in', text: text('pages.sign-in') }],
    }),
  },
  'not-assigned': {
    status: 403,
    codes: ['not-assigned'],
    content: (facts) => ({
      title: facts.text('pages.not-assigned.title'),
      sentences: [
        facts.user === undefined || facts.application === undefined
          ? facts.text('pages.not-assigned.text')
          : facts.text('pages.not-assigned.text-named', {
              user: facts.user,
              application: facts.application,
            }),
        ask(facts, 'not-assigned'),
      ],
      actions: [
        { to: 'applications', text: facts.text('pages.applications') },
        { to: 'sign-out', text: facts.text('pages.sign-in-other') },
      ],
      saysHelpdesk: true,
    }),
  },
  locked: {
    status: 429,
    codes: ['locked', 'too-many-requests'],
    content: (facts) => ({
      title: facts.text('pages.locked.title'),
      sentences: [
        facts.retryAfter === undefined
          ? facts.text('pages.locked.shut')
          : facts.text('pages.locked.until', { count: Math.max(1, Math.ceil(facts.retryAfter / 60)) }),
        ask(facts, 'locked'),
      ],
      actions: [{ to: 'again', text: facts.text('pages.try-again') }],
      saysHelpdesk: true,
    }),
  },
  unreachable: {
    status: 502,
    codes: ['upstream-unreachable', 'upstream-invalid', 'no-healthy-server', 'upstream-timeout'],
    refreshes: true,
    content: ({ text, application }) => ({
      title:
        application === undefined
          ? text('pages.unreachable.title')
          : text('pages.unreachable.title-named', { application }),
      sentences: [text('pages.unreachable.text')],
      actions: [{ to: 'again', text: text('pages.try-now') }],
    }),
  },
  expired: {
    status: 401,
    codes: ['sign-in-required', 'sign-in-expired'],
    content: ({ text, application }) => ({
      title: text('pages.expired.title'),
      sentences: [
        application === undefined
          ? text('pages.expired.text')
          : text('pages.expired.text-named', { application }),
      ],
      actions: [{ to: 'sign-in', text: text('pages.sign-in') }],
    }),
  },
  'signed-out': {
    status: 200,
    codes: [],
    content: ({ text }) => ({
      title: text('pages.signed-out.title'),
      sentences: [text('pages.signed-out.text')],
      actions: [{ to: 'sign-in', text: text('pages.sign-in-again') }],
    }),
  },
  'store-unavailable': {
    status: 503,
    codes: ['store-unavailable', 'shutting-down'],
    refreshes: true,
    content: ({ text }) => ({
      title: text('pages.store-unavailable.title'),
      sentences: [text('pages.store-unavailable.text')],
      actions: [{ to: 'again', text: text('pages.try-now') }],
    }),
  },
  'bad-request': {
    status: 400,
    codes: [
      'invalid-request',
      'ambiguous-credentials',
      'bad-target',
      'invalid-hand-off',
      'request-too-large',
      'request-timeout',
      'expectation-failed',
    ],
    content: ({ text, detail }) => ({
      title: text('pages.bad-request.title'),
      sentences: [detail ?? text('pages.bad-request.text')],
      actions: [{ to: 'sign-in', text: text('pages.sign-in') }],
    }),
  },
  doubled: {
    status: 400,
    // Of ambiguous credentials, where the browser was told to forget them.
    codes: [],
    content: ({ text }) => ({
      title: text('pages.doubled.title'),
      sentences: [text('pages.doubled.text')],
      actions: [{ to: 'sign-in', text: text('pages.sign-in') }],
    }),
  },
  'not-found': {
    status: 404,
    codes: ['not-found', 'method-not-allowed'],
    content: ({ text }) => ({
      title: text('pages.not-found.title'),
      sentences: [text('pages.not-found.text')],
      actions: [{ to: 'applications', text: text('pages.applications') }],
    }),
  },
  'no-owner': {
    status: 403,
    codes: ['no-owner-yet'],
    content: ({ text }) => ({
      title: text('pages.no-owner.title'),
      sentences: [text('pages.no-owner.text')],
      actions: [],
    }),
  },
  failed: {
    status: 500,
    codes: ['internal'],
    content: ({ text }) => ({
      title: text('pages.failed.title'),
      sentences: [text('pages.failed.text')],
      actions: [{ to: 'again', text: text('pages.try-again') }],
    }),
  },
};
