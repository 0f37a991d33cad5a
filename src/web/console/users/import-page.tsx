import { Button, FileButton, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ImportAnswer } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import { useApi } from '../api/use-api.ts';
import { Link } from '../frame/link.tsx';
import { Failure } from '../parts/failure.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { useAction } from '../parts/use-action.ts';
import { ImportReport } from './import-report.tsx';
import { useWords } from './words.ts';

const columns = 'directory, user, method, phone, email, secret, digits, issuer';
const example = 'user,method,phone\nanna,sms,+33612345678\nben,app,';
/** Characters, as the call takes them. */
const longest = 8_000_000;

/** Puts many on the list from a file: first what would happen, then it happens. */
export function ImportPage() {
  const { t } = useWords();
  const api = useApi();
  const { busy, problem, run, forget } = useAction();
  const [csv, setCsv] = useState('');
  const [fileName, setFileName] = useState('');
  const [tooLarge, setTooLarge] = useState(false);
  const [report, setReport] = useState<ImportAnswer>();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);

  function take(text: string, name: string): void {
    forget();
    setReport(undefined);
    setTooLarge(text.length > longest);
    setCsv(text);
    setFileName(name);
    setTyped('');
    setWrong(false);
  }
  function check(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (csv.trim() === '' || tooLarge) return;
    run(async () =>
      setReport(await api.send<ImportAnswer>('POST', 'users/import', { body: { csv, dryRun: true } })),
    );
  }
  function apply(): void {
    if (report === undefined) return;
    const { confirm } = report;
    if (confirm !== undefined && typed.trim() !== String(confirm)) {
      setWrong(true);
      return;
    }
    run(async () => {
      const body = { csv, dryRun: false, ...(confirm === undefined ? {} : { confirm }) };
      setReport(await api.send<ImportAnswer>('POST', 'users/import', { body }));
    });
  }

  const importable =
    report !== undefined &&
    !report.applied &&
    report.problemCount === 0 &&
    report.added + report.changed + report.secrets > 0;
  return (
    <>
      <p>
        <Link to="/users">{t('console.users.csv.back')}</Link>
      </p>
      <PageHeader title={t('console.users.csv.title')} purpose={t('console.users.csv.purpose')} />
      <div className="panels">
        {report?.applied !== true && (
          <form className="panel" onSubmit={check} noValidate>
            <p>{t('console.users.csv.columns', { columns })}</p>
            <div className="row tight">
              <FileButton
                accept=".csv,text/csv,text/plain"
                onChange={(file) => file?.text().then((text) => take(text, file.name))}
                inputProps={{ 'aria-label': t('console.users.csv.file') }}
              >
                {(props) => (
                  <Button size="md" variant="default" {...props}>
                    {t('console.users.csv.choose')}
                  </Button>
                )}
              </FileButton>
              {fileName !== '' && <span className="file-name">{fileName}</span>}
            </div>
            <Textarea
              size="md"
              label={t('console.users.csv.or-paste')}
              placeholder={example}
              value={csv.length > 200_000 ? '' : csv}
              rows={6}
              spellCheck={false}
              autoComplete="off"
              className="lines"
              onChange={(event) => take(event.currentTarget.value, '')}
            />
            {tooLarge && <Message tone="refusal">{t('console.users.csv.too-large')}</Message>}
            {problem !== undefined && report === undefined && <Failure problem={problem} />}
            <div className="row tight">
              <Button type="submit" size="md" aria-busy={busy} disabled={csv.trim() === '' || tooLarge}>
                {t(busy && report === undefined ? 'console.users.csv.checking' : 'console.users.csv.check')}
              </Button>
            </div>
          </form>
        )}
        {report !== undefined && (
          <section className="panel" aria-live="polite">
            <ImportReport report={report} />
            {importable && report.confirm !== undefined && (
              <TextInput
                size="md"
                label={t('console.confirm.type', { number: report.confirm })}
                value={typed}
                inputMode="numeric"
                autoComplete="off"
                error={wrong ? t('console.confirm.mistyped', { number: report.confirm }) : undefined}
                errorProps={{ role: 'alert' }}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            )}
            {problem !== undefined && <Failure problem={problem} />}
            <div className="row tight">
              {importable && (
                <Button size="md" aria-busy={busy} onClick={apply}>
                  {t('console.users.csv.apply', { count: report.lines })}
                </Button>
              )}
              {report.applied && (
                <Button size="md" variant="default" onClick={() => take('', '')}>
                  {t('console.users.csv.another')}
                </Button>
              )}
            </div>
          </section>
        )}
      </div>
    </>
  );
}
