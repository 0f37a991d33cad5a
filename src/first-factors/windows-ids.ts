/** An objectGUID as Windows writes it (MS-DTYP section 2.3.4.3); undefined when it is none. */
export function guidText(bytes: Buffer): string | undefined {
  if (bytes.length !== 16) return undefined;
  const hex = (from: number, to: number, reversed: boolean): string => {
    const part = Buffer.from(bytes.subarray(from, to));
    return (reversed ? part.reverse() : part).toString('hex');
  };
  return [hex(0, 4, true), hex(4, 6, true), hex(6, 8, true), hex(8, 10, false), hex(10, 16, false)].join('-');
}

/** The bytes of such a text; undefined when it is none. */
export function guidBytes(text: string): Buffer | undefined {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i.exec(text);
  if (match === null) return undefined;
  const [a = '', b = '', c = '', d = '', e = ''] = match.slice(1);
  const reversed = (hex: string): Buffer => Buffer.from(hex, 'hex').reverse();
  return Buffer.concat([reversed(a), reversed(b), reversed(c), Buffer.from(d + e, 'hex')]);
}

/** The SID of the primary group: the account's own with another last number (MS-ADTS section 3.1.1.4.5.19). */
export function siblingSid(sid: Buffer, relativeId: number): Buffer | undefined {
  if (sid.length < 12 || !Number.isInteger(relativeId) || relativeId < 0 || relativeId > 0xffffffff) {
    return undefined;
  }
  const sibling = Buffer.from(sid);
  sibling.writeUInt32LE(relativeId, sid.length - 4);
  return sibling;
}

/** Unix milliseconds of a FILETIME, in 100 ns since 1601 (MS-DTYP section 2.3.3). */
export const fileTime = (value: number): number => value / 10_000 - 11_644_473_600_000;
