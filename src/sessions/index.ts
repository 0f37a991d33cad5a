/** Is the 2FA session: its pure life cycle, signed tokens, stored records, and revocation. */
export type * from './session.ts';
