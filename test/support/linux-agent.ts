import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const folder = resolve(import.meta.dirname, '../../deploy/agents/linux');
const run = promisify(execFile);

export type AgentWish = {
  readonly gateways: readonly string[];
  readonly server: string;
  readonly token: string;
  readonly ca: string;
  readonly service: 'xrdp-sesman' | 'sshd';
  readonly breakGlass?: string;
};

/**
 * The agent on this very machine, by its own installer: PAM of one service asks a gateway. `remove` undoes it and throws
 * unless PAM is then as it was.
 */
export async function installLinuxAgent(wish: AgentWish): Promise<{ remove(): Promise<void> }> {
  if (existsSync('/etc/sallyport/agent.conf')) throw new Error('this machine has the agent already');
  const pam = `/etc/pam.d/${wish.service}`;
  const before = readFileSync(pam, 'utf8');
  const token = join(tmpdir(), `agent-token-${process.pid}`);
  writeFileSync(token, `${wish.token}\n`, { mode: 0o600 });
  const remove = async (): Promise<void> => {
    await run(join(folder, 'uninstall.sh'), []);
    if (readFileSync(pam, 'utf8') !== before) throw new Error(`${pam} is not as it was`);
  };
  try {
    await run(join(folder, 'install.sh'), [
      ...wish.gateways.flatMap((each) => ['--gateway', each]),
      ...['--server', wish.server, '--token-file', token, '--ca', wish.ca, '--service', wish.service],
      ...['--break-glass', wish.breakGlass ?? 'root'],
    ]);
  } catch (error) {
    await remove();
    throw error;
  } finally {
    rmSync(token);
  }
  return { remove };
}
