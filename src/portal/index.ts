/** Answers people and clients before and around their sessions: sign-in, enrolment, account, launcher. */
export type { ProblemAnswer } from '../http/index.ts';
export type * from './answers.ts';
export type * from './bodies.ts';
export type * from './contracts.ts';
export { logoAddress } from './logo-reply.ts';
export { type BuiltPages, portalPages } from './page-assets.ts';
export type * from './page-state.ts';
export { createPortal, type Portal, type PortalOptions } from './portal.ts';
export type { RefusalContext, RefusalFacts } from './refuse.ts';
