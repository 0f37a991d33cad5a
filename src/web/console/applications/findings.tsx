import type { ApplicationTest, DirectoryTest } from '../../../admin/index.ts';
import { useTexts } from '../texts.ts';

export type Test = ApplicationTest | DirectoryTest;

/** What a test found, line by line. */
export function Findings({ test }: { readonly test: Test }) {
  const { t } = useTexts();
  if ('servers' in test) {
    return (
      <ul className="cards" aria-label={t('console.applications.findings')}>
        {test.servers.map(({ server, ok, status, milliseconds, certificate, reason }) => (
          <li key={server}>
            <strong>{server}</strong>
            <span className={ok ? 'fine' : 'failed'}>
              {status === undefined
                ? t('console.applications.finding.failed', { reason: reason ?? '' })
                : t('console.applications.finding.answered', { status, milliseconds: milliseconds ?? 0 })}
            </span>
            {certificate !== undefined && (
              <span>{t(`console.applications.finding.certificate-${certificate}`)}</span>
            )}
          </li>
        ))}
      </ul>
    );
  }
  if (test.findings.length === 0) return <p>{t('console.applications.finding.nothing')}</p>;
  return (
    <ul className="cards" aria-label={t('console.applications.findings')}>
      {test.findings.map(({ about, ok, subject, reason, untrusted }) => (
        <li key={`${about} ${subject}`}>
          <strong>{t(`console.applications.finding.${about}`)}</strong>
          <span className={ok ? 'fine' : 'failed'}>
            {t(ok ? 'console.applications.finding.ok' : 'console.applications.finding.not-ok', { subject })}
          </span>
          {reason !== undefined && <span className="quiet">{reason}</span>}
          {untrusted === true && <span>{t('console.applications.finding.untrusted')}</span>}
        </li>
      ))}
    </ul>
  );
}
