import { CommandFailure } from './command-failure.ts';
import type { Context } from './context.ts';
import { usageMistake } from './explain-failure.ts';

/**
 * A new password: from standard input up to its first line break, or typed twice without being shown. Never an
 * argument, which every process of the machine can read.
 */
export async function askPassword({ terminal, text }: Context, fromInput: boolean): Promise<string> {
  if (fromInput) return (await terminal.readAll()).split(/\r?\n/, 1)[0] ?? '';
  if (!terminal.interactive) throw new CommandFailure('cli.password.no-terminal', {}, usageMistake);
  const password = await terminal.askHidden(`${text('cli.password.new')} `);
  const again = await terminal.askHidden(`${text('cli.password.again')} `);
  if (password !== again) throw new CommandFailure('cli.password.differ');
  return password;
}
