import type { Command } from 'commander';
import { type CertificateDoubt, doubtCertificates, unusableFiles } from '../server/index.ts';
import type { Context } from './context.ts';
import { formatTime } from './format-time.ts';
import { UnusableFiles } from './unusable-files.ts';

/** `check`: says everything that is wrong with the configuration and the files it names, without starting anything. */
export function addCheck(program: Command, context: Context): void {
  const { terminal, text } = context;
  program
    .command('check')
    .description(text('cli.check.help'))
    .action(() => {
      const config = context.config();
      const problems = unusableFiles(config);
      if (problems.length > 0) throw new UnusableFiles(problems);
      for (const doubt of doubtCertificates(config, context.clock.now())) {
        terminal.tell(text('cli.check.warning', { text: explain(doubt, context) }));
      }
      const { file, applications } = config;
      const count = applications.length;
      terminal.say(file === undefined ? text('cli.check.no-file') : text('cli.check.fine', { file, count }));
    });
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
