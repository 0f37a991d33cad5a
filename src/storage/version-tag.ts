import { GatewayError } from '../errors.ts';

/** The version of a document as people and programs carry it around; `absent` where there is none. */
export const versionTag = (version: number | undefined): string =>
  version === undefined ? 'absent' : String(version);

/**
 * Throws `changed-meanwhile` unless a document still is at the version that somebody has seen. `seen` undefined:
 * whoever asks has not looked first.
 */
export function requireVersion(version: number | undefined, seen: string | undefined): void {
  if (seen !== undefined && seen !== versionTag(version)) throw new GatewayError('changed-meanwhile');
}
