import type { Actor } from '../audit/index.ts';

/** What an administrator decided of one server at run time. */
export type ServerDrain = {
  /** What the configuration said of it then: when it says something else, that holds. */
  readonly over: boolean;
  /** Unix milliseconds. */
  readonly since: number;
  readonly by: Actor;
};

export const drainKey = (application: string, server: string): string => `${application}/${server}`;
