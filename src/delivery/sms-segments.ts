/** How a text travels by SMS: in how many parts it is sent, and billed. */
export type SmsSegments = {
  /** GSM-7 where every character is in its alphabet, otherwise UCS-2: one other character makes a text dearer. */
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** In units of the encoding: septets, or 16-bit code units. */
  readonly units: number;
  readonly segments: number;
  /** The characters that GSM-7 doesn't have, each once. */
  readonly costly: readonly string[];
};

/** The default alphabet of 3GPP TS 23.038 section 6.2.1. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension, section 6.2.1.1: each costs an escape as well. */
const extended = new Set('\f^{}\\[~]|€');

const room = { 'GSM-7': { alone: 160, joined: 153 }, 'UCS-2': { alone: 70, joined: 67 } } as const;

/** In how many segments a text is sent (3GPP TS 23.040 section 9.2.3.24.1: joined ones lose six octets to their header). */
export function smsSegments(text: string): SmsSegments {
  const characters = [...text];
  const costly = [...new Set(characters.filter((each) => !basic.has(each) && !extended.has(each)))];
  const encoding = costly.length === 0 ? 'GSM-7' : 'UCS-2';
  const sizes = characters.map((each) => (encoding === 'GSM-7' ? (extended.has(each) ? 2 : 1) : each.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const { alone, joined } = room[encoding];
  if (units <= alone) return { encoding, units, segments: 1, costly };
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    // Neither an escape nor a surrogate pair is torn apart.
    if (used + size > joined) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return { encoding, units, segments, costly };
}
