import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { type Running, start } from './child.ts';

/** A screen of its own (Xvfb) and the RDP clients on it. */
export type RdpScreen = {
  /** FreeRDP, with what is in a `.rdp` file. */
  connect(file: string, password: string): Running;
  /** The colour at a place, as 0xRRGGBB. */
  colourAt(x: number, y: number): number;
  picture(): Buffer;
  stop(): Promise<void>;
};

const size = { width: 1024, height: 640 };

/** Opens a screen on a display that nobody has; its picture is kept in `folder`. */
export async function openRdpScreen(folder: string): Promise<RdpScreen> {
  const display = `:${4200 + (process.pid % 1000)}`;
  const frame = join(folder, 'frame');
  mkdirSync(frame, { recursive: true });
  const geometry = `${size.width}x${size.height}x24`;
  const server = start('Xvfb', [display, '-screen', '0', geometry, '-fbdir', frame, '-nolisten', 'tcp']);
  const clients: Running[] = [];
  /** The screen as Xvfb keeps it: an XWD file (big-endian header), then its pixels as blue, green, red, nothing. */
  const pixels = (): { data: Buffer; at: (x: number, y: number) => number } => {
    const data = readFileSync(join(frame, 'Xvfb_screen0'));
    const word = (index: number): number => data.readUInt32BE(index * 4);
    const begin = word(0) + word(19) * 12;
    const perLine = word(12);
    return { data, at: (x, y) => begin + y * perLine + x * 4 };
  };
  for (let round = 0; ; round++) {
    try {
      if (pixels().data.length > 0) break;
    } catch (error) {
      if (round > 500) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    connect(file, password) {
      const client = start(
        'xfreerdp',
        [file, `/p:${password}`, '/cert:ignore', '/f', '-grab-keyboard', '/log-level:ERROR'],
        { env: { ...process.env, DISPLAY: display, HOME: folder }, cwd: folder },
      );
      clients.push(client);
      return client;
    },
    colourAt(x, y) {
      const { data, at } = pixels();
      return data.readUInt32LE(at(x, y)) & 0xffffff;
    },
    picture() {
      const { data, at } = pixels();
      const { width, height } = size;
      const raw = Buffer.alloc(height * (1 + width * 3));
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const to = y * (1 + width * 3) + 1 + x * 3;
          raw.writeUIntBE(data.readUInt32LE(at(x, y)) & 0xffffff, to, 3);
        }
      }
      return png(width, height, raw);
    },
    async stop() {
      for (const client of clients) await client.stop('SIGKILL');
      await server.stop();
    },
  };
}

/** RFC 2083: 8 bits, red, green and blue, each line begun by its filter (none). */
function png(width: number, height: number, raw: Buffer): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(body.length, 0);
    ends.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(raw, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
