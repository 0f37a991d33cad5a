const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 of RFC 4648 section 6 without padding, as authenticator apps read it (otpauth key URI format). */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet[(held << (5 - bits)) & 31];
}

/**
 * The bytes of a Base32 text; lower case, spaces and padding are tolerated, since people copy keys by hand.
 * Throws RangeError for anything else.
 */
export function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text.replaceAll(/[\s=]/g, '').toUpperCase()) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new RangeError('not a Base32 text');
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >>> bits) & 255);
  }
  return Buffer.from(bytes);
}
