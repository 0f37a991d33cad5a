import { NativeSelect, Switch } from '@mantine/core';
import { useId } from 'react';
import type { StatisticsAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useQueryText } from '../parts/use-query-text.ts';
import { useTexts } from '../texts.ts';
import { Chart } from './chart.tsx';
import { CountTable } from './count-table.tsx';

const spans = {
  day: { unit: 'hour', count: 24, text: 'console.home.span.day' },
  week: { unit: 'hour', count: 168, text: 'console.home.span.week' },
  month: { unit: 'day', count: 30, text: 'console.home.span.month' },
  year: { unit: 'day', count: 365, text: 'console.home.span.year' },
} as const;
type Span = keyof typeof spans;
const isSpan = (text: string): text is Span => Object.hasOwn(spans, text);

/** Sign-ins, refusals and remote sessions over time: drawn, or as a table for those who can't see it. */
export function OverTime() {
  const { t } = useTexts();
  const api = useApi();
  const id = useId();
  const [typed, setSpan] = useQueryText('over');
  const [as, setAs] = useQueryText('as');
  const span: Span = isSpan(typed) ? typed : 'day';
  const { unit, count } = spans[span];
  const read = useLoad(() => api.get<StatisticsAnswer>('home/statistics', { unit, count }), span);
  const buckets = read.value?.buckets ?? [];
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{t('console.home.over-time')}</h2>
      <div className="filters">
        <NativeSelect
          size="md"
          label={t('console.home.span')}
          value={span}
          data={Object.entries(spans).map(([value, { text }]) => ({ value, label: t(text) }))}
          onChange={(event) => setSpan(event.currentTarget.value === 'day' ? '' : event.currentTarget.value)}
        />
        <Switch
          size="md"
          label={t('console.home.as-table')}
          checked={as === 'table'}
          onChange={(event) => setAs(event.currentTarget.checked ? 'table' : '')}
        />
      </div>
      {read.value === undefined && read.problem === undefined && <Loading />}
      {read.problem !== undefined && <Failure problem={read.problem} onAgain={read.reload} />}
      {read.value !== undefined && as === 'table' && <CountTable unit={unit} buckets={buckets} />}
      {read.value !== undefined && as !== 'table' && (
        <>
          <Chart
            title={t('console.home.chart.sign-ins')}
            unit={unit}
            kind="line"
            froms={buckets.map(({ from }) => from)}
            series={[
              {
                name: t('console.home.sign-ins'),
                look: 'one',
                values: buckets.map(({ signIns }) => signIns),
              },
              {
                name: t('console.home.refusals'),
                look: 'two',
                values: buckets.map(({ refusals }) => refusals),
              },
            ]}
          />
          <Chart
            title={t('console.home.chart.sessions')}
            unit={unit}
            kind="bar"
            froms={buckets.map(({ from }) => from)}
            series={[
              {
                name: t('console.home.sessions'),
                look: 'one',
                values: buckets.map(({ sessions }) => sessions),
              },
            ]}
          />
        </>
      )}
    </section>
  );
}
