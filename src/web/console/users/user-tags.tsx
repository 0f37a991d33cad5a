import type { UserRow } from '../../../admin/index.ts';
import { useWords } from './words.ts';

/** What is out of the ordinary about a user, each in a word. */
export function UserTags({ user }: { readonly user: UserRow }) {
  const { t, lockEnd } = useWords();
  const { codes, password } = user.lockedUntil;
  const lock = codes ?? password;
  const end = lock === undefined ? undefined : lockEnd(lock);
  return (
    <span className="tags">
      {lock !== undefined && (
        <span className="tag refusal">
          {end === undefined
            ? t('console.users.badge.locked')
            : t('console.users.badge.locked-until', { time: end })}
        </span>
      )}
      {user.disabled && <span className="tag">{t('console.users.badge.disabled')}</span>}
      {user.role !== undefined && <span className="tag good">{t(`console.role.${user.role}`)}</span>}
    </span>
  );
}

/** Which second factors a user has set up, and since when. */
export function SetUp({ user }: { readonly user: UserRow }) {
  const { t, methods, format } = useWords();
  const { since, methods: enrolled } = user.enrolled;
  if (since === undefined) {
    return (
      <span className={user.obligation.required ? 'tag attention' : 'quiet'}>
        {t('console.users.set-up.none')}
      </span>
    );
  }
  return t('console.users.set-up.since', { methods: methods(enrolled), date: format.date(since) });
}
