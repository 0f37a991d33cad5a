import type { Command } from 'commander';
import type { Config } from '../config/index.ts';
import { type CertificateDoubt, doubtCertificates, ldapDirectories, unusableFiles } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import type { Context } from './context.ts';
import { formatTime } from './format-time.ts';
import { UnusableFiles } from './unusable-files.ts';

/** `check`: says everything that is wrong with the configuration and the files it names, without starting anything. */
export function addCheck(program: Command, context: Context): void {
  const { terminal, text } = context;
  program
    .command('check')
    .description(text('cli.check.help'))
    .option('--directories', text('cli.check.directories'))
    .action(async ({ directories }: { directories?: true }) => {
      const config = context.config();
      const problems = unusableFiles(config);
      if (problems.length > 0) throw new UnusableFiles(problems);
      for (const doubt of doubtCertificates(config, context.clock.now())) {
        terminal.tell(text('cli.check.warning', { text: explain(doubt, context) }));
      }
      if (directories) await checkDirectories(context, config);
      const { file, applications } = config;
      const count = applications.length;
      terminal.say(file === undefined ? text('cli.check.no-file') : text('cli.check.fine', { file, count }));
    });
}

/** Asks every LDAP directory what sign-ins will ask it. Throws `CommandFailure` when something of it fails. */
async function checkDirectories({ terminal, text, clock }: Context, config: Config): Promise<void> {
  let failures = 0;
  for (const directory of ldapDirectories(config, clock)) {
    for (const { about, ok, subject, reason = '', untrusted } of await directory.check()) {
      const key = `cli.check.ldap-${about}${ok ? '' : '-failed'}` as const;
      const line = text(key, { directory: directory.directory, subject, reason });
      // Passwords that can't be changed here and names nobody typed yet keep nobody out.
      const matters = !ok && about !== 'password-change' && about !== 'alias';
      if (matters) failures += 1;
      if (ok) terminal.say(line);
      else terminal.tell((matters ? line : text('cli.check.warning', { text: line })).trimEnd());
      if (untrusted) terminal.tell(text('cli.check.ldap-untrusted'));
    }
    await directory.close();
  }
  if (failures > 0) throw new CommandFailure('cli.check.directories-failed', { count: failures });
}

function explain(doubt: CertificateDoubt, { text }: Context): string {
  switch (doubt.kind) {
    case 'expired':
    case 'expires-soon':
      return text(`cli.check.certificate-${doubt.kind}`, { file: doubt.file, date: formatTime(doubt.at) });
    case 'not-covered':
      return text('cli.check.certificate-not-covered', { host: doubt.host });
    case 'never-shown':
      return text('cli.check.certificate-never-shown', { file: doubt.file });
  }
}
