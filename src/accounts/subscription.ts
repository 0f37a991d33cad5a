/** The subscription that is always there: of everybody whom no rule assigns to another one. */
export const defaultSubscription = 'default';

/**
 * Of a user of whom nobody can say now which subscription they belong to. Nothing is stored under it, so it opens
 * nothing: no enrolment, no session, no role.
 */
export const unknownSubscription = '?';

/** By what people come to a subscription, and which hosts are its own. Each belongs to one subscription at most. */
export const assignmentKinds = ['group', 'domain', 'directory', 'host'] as const;
export type AssignmentKind = (typeof assignmentKinds)[number];

/**
 * `group`: `directory:name`. `domain`: what follows the `@` of a user's name, or a name that their directory is known
 * by. `directory`: its name. `host`: `host[:port]` of an application.
 */
export type Assignment = { readonly kind: AssignmentKind; readonly value: string };

/** One customer: users with settings, senders and administrators of their own. */
export type Subscription = {
  /** 1 to 32 of `a-z0-9-`; it never changes, and is never given again. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Grows with each change. */
  readonly revision: number;
  readonly assignments: readonly Assignment[];
  /** It uses these senders of `default` while it has none of its own. */
  readonly shares: readonly ('sms' | 'email')[];
  /** Deleted: nobody signs in whom its assignments still name, until they are given to another one. */
  readonly removedAt?: number;
};
