import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Milliseconds of one time step: 30 s (RFC 6238 section 5.2), which every authenticator app assumes. */
export const stepLength = 30_000;

/** The time step of a moment in Unix milliseconds (RFC 6238 section 4.2, T0 = 0). */
export const timeStep = (milliseconds: number): number => Math.floor(milliseconds / stepLength);

/** Whole seconds, at least 1, until the next time step begins and a device shows another code. */
export const secondsToNextStep = (milliseconds: number): number =>
  Math.ceil((stepLength - (((milliseconds % stepLength) + stepLength) % stepLength)) / 1000);

/** Prepares a shared secret once, so that a whole window of codes can be computed from it quickly. */
export const totpKey = (secret: Uint8Array): KeyObject => createSecretKey(secret);

/**
 * HOTP with HMAC-SHA-1 (RFC 4226 section 5.3). `digits` is 4 to 12: the truncated value has 31 bits, so from
 * the tenth digit on the code is padded with leading zeros, as `oathtool` does.
 */
export function hotp(key: KeyObject, counter: number, digits: number): string {
  return String(truncated(key, counter) % 10 ** digits).padStart(digits, '0');
}

/** TOTP with SHA-1 and 30-second steps (RFC 6238) at a moment in Unix milliseconds. */
export const totp = (key: KeyObject, milliseconds: number, digits: number): string =>
  hotp(key, timeStep(milliseconds), digits);

/**
 * Every step within `center` ± `discrepancy` whose code equals `code`, nearest to `center` first.
 * Always computes the whole window, since all matches have to be claimed; so a wrong code, a near one and a
 * far one take the same time. About 2 ms at ± 480.
 */
export function matchingSteps(
  key: KeyObject,
  code: string,
  window: { center: number; discrepancy: number; digits: number },
): number[] {
  if (!/^\d+$/.test(code) || code.length !== window.digits) return [];
  const modulus = 10 ** window.digits;
  const typed = doubleOf(Number(code));
  const expected = Buffer.alloc(8);
  const matches: number[] = [];
  const look = (step: number): void => {
    if (step < 0) return;
    expected.writeDoubleBE(truncated(key, step) % modulus);
    if (timingSafeEqual(expected, typed)) matches.push(step);
  };
  look(window.center);
  for (let distance = 1; distance <= window.discrepancy; distance += 1) {
    look(window.center - distance);
    look(window.center + distance);
  }
  return matches;
}

/** A number of up to 12 digits is exact in a double; comparing its 8 bytes takes constant time. */
function doubleOf(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

/** Dynamic truncation, RFC 4226 section 5.3: 31 bits. */
function truncated(key: KeyObject, counter: number): number {
  const message = Buffer.alloc(8);
  message.writeUInt32BE(Math.floor(counter / 2 ** 32), 0);
  message.writeUInt32BE(counter % 2 ** 32, 4);
  const mac = createHmac('sha1', key).update(message).digest();
  const offset = mac.readUInt8(mac.length - 1) & 15;
  return mac.readUInt32BE(offset) & 0x7fffffff;
}
