import { type DirectoryUser, defaultSubscription, subscriptionOf } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import type { SignInParts } from './sign-in-parts.ts';

/** The same parts for users of one subscription, whose events say so. */
export const inSubscription = (parts: SignInParts, subscription: string): SignInParts =>
  subscription === parts.subscription
    ? parts
    : { ...parts, subscription, audit: auditOf(parts.audit, subscription) };

/** The same parts for this user. */
export const partsOf = (parts: SignInParts, user: Pick<DirectoryUser, 'subscription'>): SignInParts =>
  inSubscription(parts, subscriptionOf(user));

/** Whose events are found again by the subscription; those of `default` carry none. */
export const auditOf = (audit: Audit, subscription: string): Audit =>
  subscription === defaultSubscription
    ? audit
    : {
        record: (event) => audit.record({ ...event, subscription }),
        flush: () => audit.flush(),
      };

/** What an event says of where it happened: nothing of `default`. */
export const inItsPlace = ({ subscription }: { readonly subscription: string }): { subscription?: string } =>
  subscription === defaultSubscription ? {} : { subscription };
