/** Decides who gets in: the sign-in procedure, the lockout, roles, and the one gate that everything passes. */

export { type Credentials, readCredentials } from './credentials.ts';
export { type CookieNames, cookieNames, isOwnCookie } from './credentials-cookies.ts';
export type * from './gate.ts';
export { isAllowed } from './gate-allow.ts';
export { GateKeeper, type GateKeeperOptions, type LiveView } from './gate-keeper.ts';
export { OwnSessions } from './gate-own-sessions.ts';
export { isPasswordEnough, type UserQuestions } from './gate-user.ts';
export { HandOffs } from './hand-off.ts';
export { KeepSessions } from './keep-sessions.ts';
