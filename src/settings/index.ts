/** Holds what administrators tune at run time, per subscription: validated, watched, effective within a second. */
export type * from './settings.ts';
