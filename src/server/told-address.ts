import type { Duplex } from 'node:stream';

/** Whose connection this is, as a load balancer told by the PROXY protocol. */
export type Told = {
  /** An IP address in its shortest form; undefined when the balancer speaks for itself, or doesn't know. */
  readonly address: string | undefined;
};

const told = Symbol('told by the PROXY protocol');
type Connection = Duplex & { [told]?: Told };

/** Remembers it with the connection that requests come on. */
export function setTold(connection: Connection, by: Told): void {
  connection[told] = by;
}

/** Undefined for a connection that no load balancer introduced. */
export const toldOf = (connection: Connection): Told | undefined => connection[told];
