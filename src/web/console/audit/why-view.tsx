import type { WhyShape } from '../../../admin/index.ts';
import { segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useQueryText } from '../parts/use-query-text.ts';
import { type Translate, useTexts } from '../texts.ts';

/** *Why was this user asked, or refused?*: every rule in order. */
export function WhyView() {
  const { t } = useTexts();
  const [user] = useQueryText('user');
  return (
    <>
      <div className="why-head">
        <h2>{t('console.why.title')}</h2>
        <p className="quiet">{t('console.why.purpose')}</p>
      </div>
      <div className="filters">
        <SearchField name="user" label={t('console.why.user')} />
      </div>
      {user === '' ? (
        <EmptyState>
          <p>{t('console.why.none')}</p>
        </EmptyState>
      ) : (
        <Explained key={user} user={user} />
      )}
    </>
  );
}

function Explained({ user }: { readonly user: string }) {
  const { t } = useTexts();
  const api = useApi();
  const { value, problem, reload } = useLoad(() => api.get<WhyShape>(`why/${segment(user)}`), user);
  if (value !== undefined) return <Explanation why={value} />;
  if (problem === undefined) return <Loading />;
  if (problem.code !== 'unknown-user') return <Failure problem={problem} onAgain={reload} />;
  return (
    <EmptyState>
      <p>{t('console.why.nobody')}</p>
    </EmptyState>
  );
}

const tones = { decides: 'tag attention', passes: 'tag good', skipped: 'tag' } as const;

function Explanation({ why }: { readonly why: WhyShape }) {
  const { t } = useTexts();
  const format = useFormat();
  const say = useSayings();
  const { user, verdict, steps, applications, refused } = why;
  const name = user.displayName ?? user.name ?? user.key;
  return (
    <div className="why">
      <p role="status" className="verdict">
        {t(`console.why.verdict.${verdict}`, { name })}
      </p>
      <ol className="steps">
        {steps.map((step) => (
          <li key={step.rule} data-outcome={step.outcome}>
            <span className={tones[step.outcome]}>{t(`console.why.${step.outcome}`)}</span>
            <div>
              <strong>{t(`console.why.${step.rule}`)}</strong>
              <p>{say(step)}</p>
            </div>
          </li>
        ))}
      </ol>
      <h2>{t('console.why.applications')}</h2>
      {applications.length === 0 ? (
        <p className="quiet">{t('console.why.applications.none')}</p>
      ) : (
        <ul className="plain-list">
          {applications.map(({ name: id, title, allowed }) => (
            <li key={id}>
              {title}: {t(allowed ? 'console.why.allowed' : 'console.why.not-allowed')}
            </li>
          ))}
        </ul>
      )}
      <h2>{t('console.why.refused')}</h2>
      {refused.length === 0 ? (
        <p className="quiet">{t('console.why.refused.none')}</p>
      ) : (
        <ul className="plain-list">
          {refused.map(({ at, type, title, reason, says, server, address }) => (
            <li key={`${at} ${type} ${reason}`}>
              <time dateTime={at}>{format.second(at)}</time> · {title}
              {server === undefined ? '' : `, ${server}`} · {says ?? reason}
              {address === undefined ? '' : ` · ${address}`}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

type Step = WhyShape['steps'][number];

/** What a rule says, with every fact as a person reads it. */
function useSayings(): (step: Step) => string {
  const { t, locale } = useTexts();
  const format = useFormat();
  const list = new Intl.ListFormat(locale);
  return ({ rule, says, facts }) => {
    const words = Object.entries(facts).map(([name, value]): [string, string | number] => {
      if ((name === 'since' || name === 'until') && typeof value === 'number') {
        return [name, format.momentInZone(value)];
      }
      if (name === 'subject' && typeof value === 'string') return [name, subjectIn(t, value)];
      if (name === 'subjects' && Array.isArray(value)) {
        return [name, list.format(value.map((each) => subjectIn(t, each)))];
      }
      if (name === 'methods' && Array.isArray(value)) {
        return [name, list.format(value.map((each) => t(`console.why.method.${each}` as Key)))];
      }
      if (name === 'roles' && Array.isArray(value)) {
        return [name, list.format(value.map((each) => t(`console.role.${each}` as Key)))];
      }
      return [name, Array.isArray(value) ? value.join(', ') : value];
    });
    return t(`console.why.${rule}.${says}` as Key, Object.fromEntries(words));
  };
}

type Key = Parameters<Translate>[0];

/** `everyone`, `user:<directory>:<id>` or `group:<directory>:<name>`. */
function subjectIn(t: Translate, subject: string): string {
  if (subject === 'everyone') return t('console.why.everyone');
  const [, kind, directory = '', name = ''] = /^(user|group):([^:]+):(.+)$/.exec(subject) ?? [];
  if (kind === 'group') return t('console.why.subject.group', { name, directory });
  return kind === 'user' ? t('console.why.subject.user', { name: `${directory}:${name}` }) : subject;
}
