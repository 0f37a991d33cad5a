/** Knows the users, their groups, who is enabled for two factors, and what each has enrolled. */
export type * from './account.ts';
