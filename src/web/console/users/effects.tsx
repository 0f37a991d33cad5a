import type { Preview } from '../../../admin/index.ts';
import { type Method, useWords } from './words.ts';

type Warning = Preview['warnings'][number];

/** Why a change has less effect than one may expect. */
export function Warnings({ warnings }: { readonly warnings: readonly Warning[] }) {
  const { t, names, method } = useWords();
  if (warnings.length === 0) return null;
  const isMethod = (text: string): text is Method => ['app', 'sms', 'email'].includes(text);
  const detailOf = (detail = ''): string =>
    isMethod(detail) ? method(detail) : shortSubject(detail, t('console.users.everyone'));
  return (
    <div className="message attention" role="status">
      <ul className="plain-list">
        {warnings.map((warning) => (
          <li key={`${warning.code} ${warning.detail}`}>
            {t(`console.users.warning.${warning.code}`, {
              names: names(warning.names, warning.count),
              detail: detailOf(warning.detail),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** "staff" of `group:local:staff`: what people call a subject of the list. */
export function shortSubject(subject: string, everyone: string): string {
  if (subject === 'everyone') return everyone;
  return /^(?:user|group):[a-z0-9-]+:(.*)$/.exec(subject)?.[1] ?? subject;
}

/** Each thing that a change takes away, as a sentence. */
export function Losses({ loses }: { readonly loses: Preview['loses'] }) {
  const { t, names } = useWords();
  const lines = [
    loses.users > 0 &&
      t('console.users.loses.users', { count: loses.users, names: names(loses.names, loses.users) }),
    loses.factors > 0 && t('console.users.loses.factors', { count: loses.factors }),
    loses.recoveryCodes > 0 && t('console.users.loses.recovery', { count: loses.recoveryCodes }),
    loses.sessions > 0 && t('console.users.loses.sessions', { count: loses.sessions }),
  ].filter((line) => line !== false);
  if (lines.length === 0) return null;
  return (
    <ul className="losses">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** For whom something was or would be refused, and why. */
export function Refusals({ failed, title }: { readonly failed: Preview['failed']; readonly title: string }) {
  const { t } = useWords();
  if (failed.length === 0) return null;
  return (
    <div className="message refusal" role="alert">
      <p>{title}</p>
      <ul className="plain-list">
        {failed.map(({ id, name, title: reason }) => (
          <li key={id}>{t('console.users.refused-one', { name, reason })}</li>
        ))}
      </ul>
    </div>
  );
}
