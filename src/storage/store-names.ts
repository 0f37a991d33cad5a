import { GatewayError } from '../errors.ts';

/**
 * Keys, terms and tags end up in ranges and in the associated data of sealed values: NUL is the successor there,
 * and a lone surrogate would silently become another key. Throws `invalid-request`.
 */
export function checkName(name: string): void {
  if (name !== '' && !name.includes('\0') && name.isWellFormed()) return;
  throw new GatewayError('invalid-request', {
    cause: new TypeError('empty or not well-formed name in the store'),
  });
}

/** Throws `invalid-request` unless a page can have so many items. */
export function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit > 0) return;
  throw new GatewayError('invalid-request', {
    cause: new RangeError('the limit of a page is a positive integer'),
  });
}

/** The innermost message: the outer ones only say that the store is unavailable. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause !== undefined) return reasonOf(cause);
  return String(error);
}
