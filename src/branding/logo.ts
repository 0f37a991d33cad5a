import { createHash } from 'node:crypto';
import { GatewayError } from '../errors.ts';

/** A picture as it is kept and served. */
export type Logo = {
  readonly type: 'image/png' | 'image/svg+xml';
  /** Base64. */
  readonly data: string;
  /** Names this very picture, for addresses that may be kept for ever. */
  readonly hash: string;
};

/** Bytes. Every page shows it before anything else. */
export const longestLogo = 64 * 1024;
/** Pixels, each way. */
const largest = 2_000;
const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A picture that may be shown: PNG, or SVG without anything that runs, fetches or hides. It is shown by `<img>` alone,
 * where SVG can do neither (SVG 2 section 2.7.2), and served with a policy that keeps it from doing so when somebody opens
 * it by itself; so this is the second lock. Throws `invalid-setting`.
 */
export function checkLogo(bytes: Buffer): Logo {
  if (bytes.length === 0 || bytes.length > longestLogo) throw invalid();
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
  const data = bytes.toString('base64');
  if (bytes.subarray(0, 8).equals(pngStart)) {
    if (!isReasonablePng(bytes)) throw invalid();
    return { type: 'image/png', data, hash };
  }
  if (!isHarmlessSvg(bytes)) throw invalid();
  return { type: 'image/svg+xml', data, hash };
}

/** The header comes first (PNG, third edition, section 5.6), with width and height. */
function isReasonablePng(bytes: Buffer): boolean {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') return false;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return width > 0 && height > 0 && width <= largest && height <= largest;
}

const forbidden = [
  // Entities expand, and read other files; stylesheets and processing instructions fetch.
  /<!(?:DOCTYPE|ENTITY)/i,
  /<\?(?!xml\s)/i,
  /<\s*(?:[\w-]+:)?(?:script|foreignObject|iframe|embed|object|audio|video|handler|listener|set|animate\w*|a|use|image|feImage)\b/i,
  /\son\w+\s*=/i,
  /\b(?:javascript|vbscript|data)\s*:/i,
  // Only references within the picture itself.
  /\b(?:href|src)\s*=\s*(?!["']#)/i,
  /url\((?!["']?#)/i,
  /@import/i,
  /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)/i,
  // What is written in numbers can be read in two ways.
  /&#/,
];

function isHarmlessSvg(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes) || text.includes('\0')) return false;
  const bare = text.replace(/^\uFEFF/, '').trim();
  const begins = /^(?:<\?xml\s[^>]{0,200}\?>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)*<svg[\s>]/.test(bare);
  const plainXml = !/^<\?xml[^>]*encoding\s*=\s*["'](?!utf-8)/i.test(bare);
  return begins && plainXml && bare.endsWith('</svg>') && !forbidden.some((each) => each.test(bare));
}

const invalid = (): GatewayError =>
  new GatewayError('invalid-setting', {
    params: { setting: 'logo', allowed: 'PNG, SVG (no scripts, no links), 64 KB, 2000 × 2000' },
  });
