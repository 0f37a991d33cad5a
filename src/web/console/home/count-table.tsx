import type { StatisticsAnswer } from '../../../admin/index.ts';
import { DataTable } from '../parts/data-table.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { useBucketName } from './use-bucket-name.ts';

/** The same numbers as the charts, newest first. */
export function CountTable({ unit, buckets }: StatisticsAnswer) {
  const { t } = useTexts();
  const format = useFormat();
  const nameOf = useBucketName(unit);
  return (
    <DataTable
      caption={t('console.home.numbers')}
      keyOf={({ from }) => from}
      nameOf={({ from }) => nameOf.long(from)}
      pages={{ items: buckets.toReversed() }}
      empty={null}
      columns={[
        {
          key: 'from',
          head: t(unit === 'hour' ? 'console.home.hour' : 'console.home.day'),
          cell: ({ from }) => nameOf.long(from),
        },
        {
          key: 'signIns',
          head: t('console.home.sign-ins'),
          numeric: true,
          cell: ({ signIns }) => format.number(signIns),
        },
        {
          key: 'refusals',
          head: t('console.home.refusals'),
          numeric: true,
          cell: ({ refusals }) => format.number(refusals),
        },
        {
          key: 'sessions',
          head: t('console.home.sessions'),
          numeric: true,
          cell: ({ sessions }) => format.number(sessions),
        },
      ]}
    />
  );
}
