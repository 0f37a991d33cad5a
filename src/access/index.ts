/** Decides who gets in: the sign-in procedure, the lockout, roles, and the one gate that everything passes. */
export type * from './gate.ts';
