import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listening, type Running, start } from './child.ts';
import { freePort } from './free-port.ts';

export type Desktop = {
  /** Where noVNC's pages and its WebSocket are served. */
  readonly url: string;
  /** Fills the desktop's background with one colour, e.g. `#1e90ff`. */
  paint(colour: string): void;
  /** What was typed into the desktop's terminal, line by line. */
  typed(): string;
  stop(): Promise<void>;
};

/** A live desktop: a real X server (Xvnc) with a terminal, shown by noVNC through websockify, all on loopback. */
export async function startDesktop(): Promise<Desktop> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-desktop-'));
  const typed = join(folder, 'typed');
  const [vncPort, webPort] = [await freePort(), await freePort()];
  const display = `:${20 + (vncPort % 4000)}`;
  const running: Running[] = [];
  const begin = async (command: string, args: string[], port?: number): Promise<void> => {
    const part = start(command, args, {
      cwd: folder,
      env: { ...process.env, DISPLAY: display, HOME: folder },
    });
    running.push(part);
    if (port !== undefined) await listening(part, port);
  };
  await begin(
    'Xvnc',
    [
      display,
      '-geometry',
      '800x600',
      '-depth',
      '24',
      '-SecurityTypes',
      'None',
      '-localhost',
      '-rfbport',
      String(vncPort),
      '-AlwaysShared',
      '-desktop',
      'Design desktop',
      '-nolisten',
      'tcp',
    ],
    vncPort,
  );
  await begin(
    'websockify',
    ['--web', '/usr/share/novnc', `127.0.0.1:${webPort}`, `127.0.0.1:${vncPort}`],
    webPort,
  );
  const look = ['-fn', '10x20', '-bg', '#101718', '-fg', '#e6efef', '-bw', '0', '-geometry', '60x14+40+40'];
  await begin('xterm', [...look, '-e', 'sh', '-c', `exec cat > ${typed}`]);
  return {
    url: `http://127.0.0.1:${webPort}`,
    paint: (colour) => {
      spawnSync('xsetroot', ['-display', display, '-solid', colour]);
    },
    typed: () => (existsSync(typed) ? readFileSync(typed, 'utf8') : ''),
    async stop() {
      for (const part of running.reverse()) await part.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
