import { useId } from 'react';
import type { ConcernShape, ConsoleTextKey } from '../../../admin/index.ts';
import { Link } from '../frame/link.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';

/** Where something can be done about it; nowhere in the console for what is mended on the server. */
function placeOf({ kind, subject }: ConcernShape): readonly [string, ConsoleTextKey] | undefined {
  switch (kind) {
    case 'two-factors-off':
    case 'guard-off':
      return ['/settings', 'console.nav.settings'];
    case 'sender-missing':
    case 'sender-down':
      return ['/messages', 'console.nav.messages'];
    case 'not-enrolled':
      return ['/users?state=not-enrolled', 'console.nav.users'];
    case 'password-known':
      return [`/users/${encodeURIComponent(subject)}`, 'console.nav.users'];
    case 'no-local-owner':
      return ['/administrators', 'console.nav.administrators'];
    case 'directory-down':
    case 'server-down':
      return ['/applications', 'console.nav.applications'];
    case 'lockout-wave':
      return ['/audit', 'console.nav.audit'];
    default:
      return undefined;
  }
}

/** What needs somebody, and what to do about it. */
export function Attention({ concerns }: { readonly concerns: readonly ConcernShape[] }) {
  const { t } = useTexts();
  const format = useFormat();
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{t('console.home.attention')}</h2>
      {concerns.length === 0 ? (
        <p className="quiet">{t('console.home.nothing')}</p>
      ) : (
        <ul className="concerns">
          {concerns.map((concern) => {
            const place = placeOf(concern);
            return (
              <li key={`${concern.kind} ${concern.subject}`} className={concern.serious ? 'serious' : ''}>
                <p className="what">
                  <strong>{concern.title}</strong>
                  {concern.serious && <span className="tag refusal">{t('console.home.serious')}</span>}
                  {concern.since !== undefined && (
                    <span className="quiet" title={format.momentInZone(concern.since)}>
                      {format.ago(concern.since)}
                    </span>
                  )}
                </p>
                <p>{concern.advice}</p>
                {place !== undefined && (
                  <Link to={place[0]}>{t('console.home.go', { place: t(place[1]) })}</Link>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
