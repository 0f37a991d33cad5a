import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listening, type Running, start } from './child.ts';

export type XrdpServer = {
  readonly port: number;
  /** What xrdp's session manager has written. */
  log(): string;
  stop(): Promise<void>;
};

/** Where xrdp 0.9 looks for its session manager, whatever file it is started with. */
const sesmanPort = 3350;

/** A real xrdp with its session manager, on loopback at `port`; Xorg sessions, without a login window first. */
export async function startXrdp(folder: string, port: number): Promise<XrdpServer> {
  const files = { sesman: join(folder, 'sesman.ini'), xrdp: join(folder, 'xrdp.ini') };
  const logs = { sesman: join(folder, 'sesman.log'), xrdp: join(folder, 'xrdp.log') };
  const edit = (from: string, to: string, changes: Readonly<Record<string, string>>): void => {
    const text = Object.entries(changes).reduce(
      (sofar, [key, value]) => sofar.replaceAll(new RegExp(`^${key}=.*$`, 'gm'), `${key}=${value}`),
      readFileSync(from, 'utf8'),
    );
    writeFileSync(to, text);
  };
  edit('/etc/xrdp/sesman.ini', files.sesman, { LogFile: logs.sesman, EnableSyslog: 'false' });
  // The first `port=` is the listener; those of sessions come after it.
  edit('/etc/xrdp/xrdp.ini', files.xrdp, {
    LogFile: logs.xrdp,
    EnableSyslog: 'false',
    fork: 'false',
    autorun: 'Xorg',
  });
  writeFileSync(
    files.xrdp,
    readFileSync(files.xrdp, 'utf8').replace(/^port=.*$/m, `port=tcp://127.0.0.1:${port}`),
  );
  const parts: Running[] = [];
  const stop = async (): Promise<void> => {
    for (const part of parts.reverse()) await part.stop();
  };
  try {
    const sesman = start('xrdp-sesman', ['-n', '-c', files.sesman]);
    parts.push(sesman);
    // Told to listen on 127.0.0.1, it takes ::1 where there is one.
    await listening(sesman, sesmanPort, ['127.0.0.1', '::1']);
    const xrdp = start('xrdp', ['-n', '-c', files.xrdp]);
    parts.push(xrdp);
    await listening(xrdp, port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, stop, log: () => readFileSync(logs.sesman, 'utf8') };
}
