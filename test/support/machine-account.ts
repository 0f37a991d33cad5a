import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** An account on this very machine, for a test that logs on to it; gone with `remove`. */
export type MachineAccount = {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  readonly password: string;
  /** Puts a file into its home. */
  write(path: string, text: string, mode?: number): void;
  /** The processes that it has now, by id. */
  processes(): readonly number[];
  /** Ends what it runs, and waits until it does. */
  logOff(): Promise<void>;
  remove(): Promise<void>;
};

/** Adds an account with a password that nobody knows. An account of that name, left over from a killed run, goes first. */
export function addMachineAccount(name: string): MachineAccount {
  const home = `/tmp/home-of-${name}`;
  const password = `pw-${process.pid}-Aq7`;
  spawnSync('userdel', ['-r', name], { stdio: 'ignore' });
  execFileSync('useradd', ['--create-home', '--home-dir', home, '--shell', '/bin/sh', name], {
    stdio: 'ignore',
  });
  execFileSync('chpasswd', [], { input: `${name}:${password}\n` });
  const uid = Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }));
  const processes = (): readonly number[] => {
    // Those that have ended but are still listed count for nothing.
    const { stdout } = spawnSync('ps', ['-U', String(uid), '-o', 'pid=,stat='], { encoding: 'utf8' });
    return stdout
      .split('\n')
      .filter((line) => /\d/.test(line) && !/ Z/.test(line))
      .map((line) => Number.parseInt(line, 10));
  };
  const logOff = async (): Promise<void> => {
    for (let round = 0; processes().length > 0; round++) {
      for (const id of processes()) {
        try {
          process.kill(id, round < 20 ? 'SIGTERM' : 'SIGKILL');
        } catch {
          // It has just ended.
        }
      }
      if (round > 100) throw new Error(`${name} still runs something`);
      await pause(50);
    }
  };
  return {
    name,
    uid,
    home,
    password,
    processes,
    logOff,
    write(path, text, mode = 0o644) {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      if (dirname(file) !== home) chownSync(dirname(file), uid, uid);
      writeFileSync(file, text);
      chmodSync(file, mode);
      chownSync(file, uid, uid);
    },
    async remove() {
      await logOff();
      spawnSync('userdel', ['-r', name], { stdio: 'ignore' });
    },
  };
}
