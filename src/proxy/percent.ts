const hex = '0123456789ABCDEF';
const encoder = new TextEncoder();

/** What stands for itself in our header values: visible ASCII without `%` and `,`. */
const plain = /^[\x21-\x24\x26-\x2b\x2d-\x7e]*$/;

/**
 * A header value that says one thing only: `%`, `,` and every byte of the UTF-8 form outside 0x21–0x7E are
 * percent-encoded (RFC 3986 section 2.1), so that a comma in a group's name is never a separator.
 */
export function percentEncode(text: string): string {
  if (plain.test(text)) return text;
  let encoded = '';
  for (const byte of encoder.encode(text)) {
    const stands = byte > 0x20 && byte < 0x7f && byte !== 0x25 && byte !== 0x2c;
    encoded += stands ? String.fromCharCode(byte) : `%${hex[byte >> 4]}${hex[byte & 15]}`;
  }
  return encoded;
}
