/** Answers "who are you": checks passwords against the user's directory. */
export type * from './first-factor.ts';
