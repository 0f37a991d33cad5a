/** Answers people and clients before and around their sessions: sign-in, enrolment, account, launcher. */
export type * from './answers.ts';
export type * from './bodies.ts';
export type * from './page-state.ts';
