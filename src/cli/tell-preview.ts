import type { Preview } from '../accounts/index.ts';
import type { Context } from './context.ts';

/** Says before a change what it takes from whom, and where it does nothing; nothing where there is nothing to say. */
export function tellPreview(
  { terminal, text }: Context,
  { loses, warnings }: Pick<Preview, 'loses' | 'warnings'>,
): void {
  const { sessions, factors, recoveryCodes, users } = loses;
  const lost = [
    factors === 0 ? '' : text('cli.user.loss.factors', { count: factors }),
    recoveryCodes === 0 ? '' : text('cli.user.loss.recovery', { count: recoveryCodes }),
    sessions === 0 ? '' : text('cli.user.loss.sessions', { count: sessions }),
  ].filter((each) => each !== '');
  if (lost.length > 0)
    terminal.tell(text('cli.user.loss', { count: Math.max(users, 1), what: lost.join(', ') }));
  tellWarnings({ terminal, text }, warnings);
}

/** Each in a line. */
export function tellWarnings(
  { terminal, text }: Pick<Context, 'terminal' | 'text'>,
  warnings: Preview['warnings'],
): void {
  for (const { code, count, names, detail = '' } of warnings) {
    // Of Everyone there is no name, and of nobody else's groups more than theirs is known.
    if (code === 'members-unknown') continue;
    const more = count > names.length ? ', …' : '';
    terminal.tell(text(`people.warning.${code}`, { names: names.join(', ') + more, detail }));
  }
}
