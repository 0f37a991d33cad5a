import { Button, Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Problem } from '../api/request.ts';
import { Link } from '../frame/link.tsx';
import { useTexts } from '../texts.ts';
import { Failure } from './failure.tsx';
import { Loading } from './loading.tsx';

export type Column<Row> = {
  readonly key: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** Right-aligned tabular figures. */
  readonly numeric?: boolean;
  /** Left out where there is little room. */
  readonly minor?: boolean;
};

export type Selection = {
  /** Keys of the selected rows. */
  readonly selected: ReadonlySet<string>;
  readonly onChange: (selected: ReadonlySet<string>) => void;
  /** What can be done with them: buttons. */
  readonly actions: ReactNode;
};

type DataTableProps<Row> = {
  /** What the table lists, for those who can't see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** What people call a row: the label of its checkbox. */
  readonly nameOf: (row: Row) => string;
  /** Where a row leads, mostly `place.href(key)` of `useDrawer`: its first cell becomes a link. */
  readonly hrefOf?: (row: Row) => string;
  /** From `usePages`; or `{ items, … }` of what is all there at once. */
  readonly pages: {
    readonly items: readonly Row[];
    readonly loading?: boolean;
    readonly loadingMore?: boolean;
    readonly more?: boolean;
    readonly problem?: Problem | undefined;
    readonly loadMore?: () => void;
    readonly reload?: () => void;
  };
  readonly selection?: Selection | undefined;
  /** An `EmptyState`, when nothing is there. */
  readonly empty: ReactNode;
};

/**
 * A list as a table: sticky header, rows of 44 pixels, a bar below the header when something is selected, an empty
 * state, and *Load more*. Filters (`SearchField`, selects) stand above it in a `<div className="filters">`.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, keyOf, nameOf, hrefOf, pages, selection, empty } = props;
  const { t } = useTexts();
  const { items, loading = false, loadingMore = false, more = false, problem, loadMore, reload } = pages;

  if (problem !== undefined && items.length === 0) {
    return <Failure problem={problem} {...(reload === undefined ? {} : { onAgain: reload })} />;
  }
  if (loading && items.length === 0) return <Loading />;
  if (items.length === 0) return empty;

  const reachable = hrefOf !== undefined || selection !== undefined;
  const keys = items.map(keyOf);
  const chosen = keys.filter((key) => selection?.selected.has(key));
  const select = (wanted: readonly string[], on: boolean): void => {
    const next = new Set(selection?.selected);
    for (const key of wanted) {
      if (on) next.add(key);
      else next.delete(key);
    }
    selection?.onChange(next);
  };

  return (
    <div className="list" aria-busy={loading}>
      {/* On a phone it is scrolled sideways, by keyboard too: by what is in it, or else by itself. */}
      <section className="scroll" aria-label={caption} {...(reachable ? {} : { tabIndex: 0 })}>
        <table>
          <thead>
            <tr>
              {selection !== undefined && (
                <th className="choice">
                  <Checkbox
                    aria-label={t('console.table.all')}
                    checked={chosen.length === keys.length}
                    indeterminate={chosen.length > 0 && chosen.length < keys.length}
                    onChange={(event) => select(keys, event.currentTarget.checked)}
                  />
                </th>
              )}
              {columns.map(({ key, head, numeric, minor }) => (
                <th key={key} scope="col" className={classOf(numeric, minor)}>
                  {head}
                </th>
              ))}
            </tr>
            {selection !== undefined && selection.selected.size > 0 && (
              <tr className="bulk">
                <td colSpan={columns.length + 1}>
                  <div>
                    <span role="status">
                      {t('console.table.selected', { count: selection.selected.size })}
                    </span>
                    {selection.actions}
                    <button type="button" className="plain" onClick={() => selection.onChange(new Set())}>
                      {t('console.table.none')}
                    </button>
                  </div>
                </td>
              </tr>
            )}
          </thead>
          <tbody>
            {items.map((row, at) => {
              const key = keys[at] ?? '';
              return (
                <tr key={key} data-selected={selection?.selected.has(key) || undefined}>
                  {selection !== undefined && (
                    <td className="choice">
                      <Checkbox
                        aria-label={t('console.table.select', { name: nameOf(row) })}
                        checked={selection.selected.has(key)}
                        onChange={(event) => select([key], event.currentTarget.checked)}
                      />
                    </td>
                  )}
                  {columns.map((column, place) => (
                    <td key={column.key} className={classOf(column.numeric, column.minor)}>
                      {place === 0 && hrefOf !== undefined ? (
                        <Link to={hrefOf(row)}>{column.cell(row)}</Link>
                      ) : (
                        column.cell(row)
                      )}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {problem !== undefined && (
        <Failure problem={problem} {...(loadMore === undefined ? {} : { onAgain: loadMore })} />
      )}
      {more && problem === undefined && (
        <Button
          variant="default"
          size="md"
          className="more"
          aria-busy={loadingMore}
          onClick={() => loadMore?.()}
        >
          {t(loadingMore ? 'portal.loading' : 'console.table.more')}
        </Button>
      )}
    </div>
  );
}

const classOf = (numeric = false, minor = false): string | undefined =>
  [numeric ? 'numeric' : '', minor ? 'minor' : ''].join(' ').trim() || undefined;
