/** Answers "prove it another way": authenticator apps and recovery codes; later SMS and email. */
export type * from './second-factor.ts';
