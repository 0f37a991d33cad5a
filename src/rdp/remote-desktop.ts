import type { GatedApplication } from '../access/index.ts';

/** A server that people reach with an RDP client. */
export type RemoteServer = {
  /** What its agent calls it, and tokens are bound to: folded. */
  readonly name: string;
  /** Where clients connect to: `host:port`. */
  readonly address: string;
};

/** An application of type `rdp`. */
export type RemoteDesktop = GatedApplication & {
  /** What people call it. */
  readonly title: string;
  readonly servers: readonly RemoteServer[];
  /** What the client puts before the user's name, as `CORP` in `CORP\alice`. */
  readonly domain?: string;
  /** One program in place of the desktop: its alias or path, and what people call it. */
  readonly remoteApp?: { readonly program: string; readonly name: string };
};

/** Names of servers are compared without case, as host names are. */
export const foldServer = (name: string): string => name.trim().toLowerCase();
