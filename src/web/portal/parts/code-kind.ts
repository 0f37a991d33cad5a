import type { MethodId } from '../../../portal/index.ts';

/** What kind of code is typed: digits of an app, digits that were sent, or letters in groups from a list or the helpdesk. */
export type CodeKind = 'app' | 'sent' | 'recovery' | 'bypass';

/** The methods that send their codes. */
export type SentMethod = 'sms' | 'email';

export const isSent = (id: MethodId): id is SentMethod => id === 'sms' || id === 'email';

export const kindOf = (id: MethodId): CodeKind => (isSent(id) ? 'sent' : id);

/** Letters and digits in groups, as long as whoever made them wanted: nothing to count or to submit by itself. */
export const isGrouped = (kind: CodeKind): boolean => kind === 'recovery' || kind === 'bypass';
