import type { ImportAnswer } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import { Warnings } from './effects.tsx';
import { useWords } from './words.ts';

/** What an import would do, or did; or what is wrong with its lines. */
export function ImportReport({ report }: { readonly report: ImportAnswer }) {
  const { t } = useWords();
  const { applied, lines, problemCount, stoppedAt } = report;
  return (
    <>
      <h2>{t(applied ? 'console.users.csv.report-done' : 'console.users.csv.report')}</h2>
      {problemCount > 0 ? (
        <Message tone="refusal">{t('console.users.csv.problems', { count: problemCount })}</Message>
      ) : (
        <Message tone="news">
          {applied
            ? t('console.users.csv.done', { count: lines })
            : `${t('console.users.csv.fine', { count: lines })} ${t('console.users.csv.unchanged')}`}
        </Message>
      )}
      {stoppedAt !== undefined && (
        <Message tone="refusal">{t('console.users.csv.stopped', { line: stoppedAt })}</Message>
      )}
      {problemCount > 0 && <Problems report={report} />}
      {problemCount === 0 && <Figures report={report} />}
      <Warnings warnings={report.warnings} />
      {problemCount === 0 && report.changes.length > 0 && <Changes report={report} />}
    </>
  );
}

function Figures({ report }: { readonly report: ImportAnswer }) {
  const { t, format } = useWords();
  return (
    <dl className="facts">
      {(['added', 'changed', 'same', 'secrets'] as const).map((what) => (
        <div key={what} className="fact">
          <dt>{t(`console.users.csv.${what}`)}</dt>
          <dd>{format.number(report[what])}</dd>
        </div>
      ))}
    </dl>
  );
}

function Problems({ report: { problems, problemCount } }: { readonly report: ImportAnswer }) {
  const { t, format } = useWords();
  const rest = problemCount - problems.length;
  return (
    <div className="list">
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col" className="numeric">
                {t('console.users.csv.line')}
              </th>
              <th scope="col">{t('console.users.csv.column')}</th>
              <th scope="col">{t('console.users.csv.mistake')}</th>
            </tr>
          </thead>
          <tbody>
            {problems.map(({ line, column, code, text }) => (
              <tr key={`${line} ${column} ${code}`}>
                <td className="numeric">{format.number(line)}</td>
                <td>{column}</td>
                <td>{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 && <p className="quiet">{t('console.users.csv.more-problems', { count: rest })}</p>}
    </div>
  );
}

function Changes({ report: { changes, lines } }: { readonly report: ImportAnswer }) {
  const { t, format, method } = useWords();
  return (
    <div className="list">
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col" className="numeric">
                {t('console.users.csv.line')}
              </th>
              <th scope="col">{t('console.users.csv.user')}</th>
              <th scope="col">{t('console.users.column.method')}</th>
              <th scope="col">{t('console.users.csv.what')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={change.line}>
                <td className="numeric">{format.number(change.line)}</td>
                <td>{change.name}</td>
                <td>{change.method === undefined ? '' : method(change.method)}</td>
                <td>
                  {[
                    t(`console.users.csv.entry.${change.entry}`),
                    change.secret ? t('console.users.csv.with-secret') : '',
                  ]
                    .filter((part) => part !== '')
                    .join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {lines > changes.length && (
        <p className="quiet">{t('console.users.csv.first', { count: changes.length })}</p>
      )}
    </div>
  );
}
