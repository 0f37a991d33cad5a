import { useEffect, useRef, useState } from 'react';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { everyNth, marksUpTo } from './chart-scale.ts';
import { useBucketName } from './use-bucket-name.ts';

type Series = {
  readonly name: string;
  /** `two` is drawn dashed too: colour alone tells nobody anything. */
  readonly look: 'one' | 'two';
  readonly values: readonly number[];
};

type ChartProps = {
  readonly title: string;
  readonly unit: 'hour' | 'day';
  readonly kind: 'line' | 'bar';
  readonly froms: readonly string[];
  readonly series: readonly Series[];
};

/** Pixels. */
const height = 220;
const edge = { top: 12, right: 12, bottom: 28, left: 44 };
const nameWidth = 64;

/** As wide as its place, so that its letters keep their size. */
function useWidth() {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width] as const;
}

/** Plain lines or bars with labelled axes: a few elements of SVG in place of a library of a hundred kilobytes. */
export function Chart({ title, unit, kind, froms, series }: ChartProps) {
  const { t } = useTexts();
  const format = useFormat();
  const nameOf = useBucketName(unit);
  const [place, width] = useWidth();

  const inner = Math.max(0, width - edge.left - edge.right);
  const depth = height - edge.top - edge.bottom;
  const marks = marksUpTo(Math.max(0, ...series.flatMap(({ values }) => values)), 4);
  const top = marks.at(-1) ?? 1;
  const slot = froms.length === 0 ? 0 : inner / froms.length;
  const x = (index: number): number => edge.left + slot * (index + 0.5);
  const y = (value: number): number => edge.top + depth * (1 - value / top);
  const nth = everyNth(froms.length, Math.max(1, Math.floor(inner / nameWidth)));
  const round = (value: number): number => Math.round(value * 10) / 10;
  const sums = series
    .map(({ name, values }) => `${name}: ${format.number(values.reduce((sum, each) => sum + each, 0))}`)
    .join('; ');
  /** A week of hours is named by its days. */
  const shortName = (from: string): string => (nth >= 24 ? nameOf.date(from) : nameOf.short(from));

  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul className="legend">
          {series.map(({ name, look }) => (
            <li key={name}>
              <svg width="24" height="12" aria-hidden="true" className={look}>
                {kind === 'line' ? <path d="M0 6h24" /> : <rect x="6" width="12" height="12" />}
              </svg>
              {name}
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={place}>
        {width > 0 && (
          <svg
            width={width}
            height={height}
            viewBox={`0 0 ${width} ${height}`}
            role="img"
            aria-label={t('console.home.chart.summary', { title, sums })}
          >
            {marks.map((mark) => (
              <g key={mark} className="mark">
                <path d={`M${edge.left} ${round(y(mark))}h${inner}`} />
                <text x={edge.left - 8} y={round(y(mark))} dy="0.35em" textAnchor="end">
                  {format.number(mark)}
                </text>
              </g>
            ))}
            {froms.map(
              (from, index) =>
                index % nth === 0 && (
                  <text key={from} x={round(x(index))} y={height - 8} textAnchor="middle">
                    {shortName(from)}
                  </text>
                ),
            )}
            {series.map(({ name, look, values }) =>
              kind === 'line' ? (
                <path
                  key={name}
                  className={look}
                  d={values
                    .map((value, index) => `${index === 0 ? 'M' : 'L'}${round(x(index))} ${round(y(value))}`)
                    .join('')}
                />
              ) : (
                <g key={name} className={look}>
                  {values.map(
                    (value, index) =>
                      value > 0 && (
                        <rect
                          key={froms[index]}
                          x={round(x(index) - slot * 0.35)}
                          y={round(y(value))}
                          width={Math.max(1, round(slot * 0.7))}
                          height={round(edge.top + depth - y(value))}
                        />
                      ),
                  )}
                </g>
              ),
            )}
            {froms.map((from, index) => (
              <rect
                key={from}
                className="hover"
                x={round(x(index) - slot / 2)}
                y={edge.top}
                width={round(slot)}
                height={depth}
              >
                <title>
                  {`${nameOf.long(from)}\n${series.map(({ name, values }) => `${name}: ${format.number(values[index] ?? 0)}`).join('\n')}`}
                </title>
              </rect>
            ))}
          </svg>
        )}
      </div>
    </figure>
  );
}
