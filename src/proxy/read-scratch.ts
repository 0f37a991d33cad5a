import type { OnReadOpts, Socket } from 'node:net';

/** Bytes of one read, as much as libuv asks the kernel for at once. */
const size = 64 * 1024;

/**
 * One piece of memory that all sockets of application servers are read into, each for the moment until its bytes are copied out of it. Node's way is
 * a buffer of 64 KB for each read, made outside V8's heap, cut down to what came, and collected: a third of what a
 * small message costs. Sockets that have this emit `data` as ever.
 */
export class ReadScratch {
  readonly memory: Buffer = Buffer.allocUnsafeSlow(size);
  /** For tunnels. */
  readonly onread: OnReadOpts = { buffer: this.memory, callback: emitData };
}

function emitData(this: Socket, bytes: number, scratch: Uint8Array): boolean {
  const chunk = Buffer.allocUnsafe(bytes);
  chunk.set(bytes === scratch.length ? scratch : scratch.subarray(0, bytes));
  this.emit('data', chunk);
  return true;
}
