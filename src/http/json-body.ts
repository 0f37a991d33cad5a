import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors.ts';

/** Bytes. The longest body that people send is a password and a returnTo. */
const usual = 16 * 1024;
const deepest = 8;

/**
 * The JSON value a request carries. Rejects with `unsupported-media-type` when it isn't declared as JSON in UTF-8,
 * `request-too-large` beyond `longest` bytes (16 KB unless said), and `invalid-request` for anything that isn't one JSON text nested at most
 * eight deep without a `__proto__` key, or that breaks off. The listener cuts off bodies that never arrive.
 */
export async function readJson(request: IncomingMessage, longest = usual): Promise<unknown> {
  if (!declaresJson(request.headers['content-type'])) throw new GatewayError('unsupported-media-type');
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new GatewayError('unsupported-media-type');
  }
  if (Number(request.headers['content-length'] ?? 0) > longest) {
    throw new GatewayError('request-too-large');
  }
  const bytes = await readBytes(request, longest);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The cause would quote what was sent: a password, perhaps.
    throw new GatewayError('invalid-request');
  }
  if (!harmless(value)) throw new GatewayError('invalid-request');
  return value;
}

/** RFC 8259 section 11 defines no parameters; `charset=utf-8` is what clients send all the same. */
function declaresJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(contentType?.trim() ?? '');
}

async function readBytes(request: IncomingMessage, longest: number): Promise<Buffer> {
  // Whoever has hung up already sends no event that would end the wait.
  if (request.destroyed) throw new GatewayError('invalid-request');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > longest) settle(() => reject(new GatewayError('request-too-large')));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks)));
    const onBroken = (): void => settle(() => reject(new GatewayError('invalid-request')));
    function settle(finish: () => void): void {
      request.off('data', onData).off('end', onEnd).off('close', onBroken);
      // The listener for errors stays: an abort after the answer must not become an uncaught exception.
      finish();
    }
    request.on('data', onData).on('end', onEnd).on('close', onBroken).on('error', onBroken);
  });
}

/** Bounded depth, and no key that an assignment would take for the prototype. */
function harmless(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; depth <= deepest; depth++) {
    const below: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (Object.hasOwn(value, '__proto__')) return false;
      below.push(...Object.values(value));
    }
    if (below.length === 0) return true;
    level = below;
  }
  return false;
}
