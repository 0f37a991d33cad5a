import { Histogram, type Registry } from 'prom-client';

type TimingsOptions = {
  registry: Registry;
  name: string;
  help: string;
  labels: readonly string[];
  /** Upper bounds in seconds, ascending. */
  buckets: readonly number[];
};

/** What was observed for some label values. */
export class TimingCell {
  /** How many fell into each bucket, and at last those beyond all. */
  readonly counts: number[];
  sum = 0;
  readonly #bounds: readonly number[];

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = [...bounds.map(() => 0), 0];
  }

  observe(seconds: number): void {
    let index = 0;
    while (index < this.#bounds.length && seconds > (this.#bounds[index] ?? 0)) index += 1;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.sum += seconds;
  }
}

/**
 * A histogram of cells, as `Tally` has them: prom-client's own validates, sorts and hashes the labels at each observation,
 * which cost a request more than its gate.
 */
export class Timings extends Histogram {
  readonly #cells = new Map<string, { labels: Record<string, string>; cell: TimingCell }>();
  readonly #options: TimingsOptions;

  constructor(options: TimingsOptions) {
    const { registry, name, help, labels, buckets } = options;
    super({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [registry] });
    this.#options = options;
  }

  /** The cell of these label values, made at the first call; keep it where it is used often. */
  cell(...values: readonly string[]): TimingCell {
    const id = values.join('\u0000');
    let entry = this.#cells.get(id);
    if (entry === undefined) {
      const named = this.#options.labels.map((label, index) => [label, values[index] ?? '']);
      entry = { labels: Object.fromEntries(named), cell: new TimingCell(this.#options.buckets) };
      this.#cells.set(id, entry);
    }
    return entry.cell;
  }

  override async get(): ReturnType<Histogram['get']> {
    const { name, help } = this.#options;
    const values = [...this.#cells.values()].flatMap(({ labels, cell }) => {
      let count = 0;
      const bounds = [...this.#options.buckets, '+Inf'];
      const buckets = bounds.map((le, index) => {
        count += cell.counts[index] ?? 0;
        return { labels: { le, ...labels }, value: count, metricName: `${name}_bucket` };
      });
      return [
        ...buckets,
        { labels, value: cell.sum, metricName: `${name}_sum` },
        { labels, value: count, metricName: `${name}_count` },
      ];
    });
    const read = { name, help, type: 'histogram', aggregator: 'sum', values };
    return read as unknown as Awaited<ReturnType<Histogram['get']>>;
  }

  /** What the registry asks for a scrape, in prom-client 15. */
  getForPromString(): ReturnType<Histogram['get']> {
    return this.get();
  }
}
