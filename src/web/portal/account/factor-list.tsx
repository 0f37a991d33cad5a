import type { AccountAnswer } from '../../../portal/index.ts';
import type { SentMethod } from '../parts/code-kind.ts';
import { useTexts } from '../texts.tsx';
import { formatDate } from '../times.ts';
import type { Change, SentFactor } from './view.ts';

type FactorListProps = {
  readonly account: AccountAnswer;
  readonly onRemove: (factor: Extract<Change, { kind: 'remove' }>['factor']) => void;
  /** Another number or address in the place of the one there is. */
  readonly onReplace: (method: SentMethod) => void;
};

type Entry = {
  readonly id: string;
  readonly label: string;
  readonly enrolledAt: string;
  readonly lastUsedAt?: string | undefined;
  readonly method: 'app' | SentMethod;
  readonly fixed: boolean;
};

/** Everything that codes come from, apps first. */
function useEntries({ apps, phone, email }: AccountAnswer): readonly Entry[] {
  const { t } = useTexts();
  const sent = (method: SentMethod, factor: SentFactor | undefined): readonly Entry[] =>
    factor === undefined
      ? []
      : [
          {
            ...factor,
            label: t(method === 'sms' ? 'portal.account.sms' : 'portal.account.email', { hint: factor.hint }),
            method,
            fixed: factor.setByAdministrator,
          },
        ];
  return [
    ...apps.map((app) => ({
      ...app,
      label: app.label || t('portal.account.app-unnamed'),
      method: 'app' as const,
      fixed: false,
    })),
    ...sent('sms', phone),
    ...sent('email', email),
  ];
}

/** Where somebody's codes come from. The last one stays: without it nobody could sign in. */
export function FactorList({ account, onRemove, onReplace }: FactorListProps) {
  const { t, locale } = useTexts();
  const entries = useEntries(account);
  if (entries.length === 0) return <p>{t('portal.account.no-factors')}</p>;
  const date = (moment: string): string => formatDate(locale, new Date(moment));
  const replaceable = (method: Entry['method']): method is SentMethod =>
    method !== 'app' && account.addable.some(({ id }) => id === method);
  return (
    <>
      <ul className="entries">
        {entries.map(({ id, label, enrolledAt, lastUsedAt, method, fixed }) => (
          <li key={id}>
            <div>
              <strong>{label}</strong>
              <p className="quiet figures">
                {lastUsedAt === undefined
                  ? t('portal.account.factor-added', { date: date(enrolledAt) })
                  : t('portal.account.factor-used', { added: date(enrolledAt), used: date(lastUsedAt) })}
              </p>
              {fixed && <p className="quiet">{t('portal.account.fixed')}</p>}
            </div>
            {!fixed && (
              <div className="stack">
                {replaceable(method) && (
                  <button
                    type="button"
                    className="plain"
                    aria-label={t('portal.account.replace-label', { label })}
                    onClick={() => onReplace(method)}
                  >
                    {t('portal.account.replace')}
                  </button>
                )}
                {entries.length > 1 && (
                  <button
                    type="button"
                    className="plain"
                    aria-label={t('portal.account.remove-label', { label })}
                    onClick={() => onRemove({ id, label, sent: method !== 'app' })}
                  >
                    {t('portal.account.remove')}
                  </button>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
      {entries.length === 1 && !entries[0]?.fixed && <p className="quiet">{t('portal.account.last')}</p>}
    </>
  );
}
