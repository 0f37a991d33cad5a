import { Counter, Gauge, type Registry } from 'prom-client';

/** One cell of a counter or gauge: adding to it is one addition, without hashing labels or allocating. */
export type Cell = { value: number };

type TallyOptions = {
  registry: Registry;
  type: 'counter' | 'gauge';
  name: string;
  help: string;
  labels: readonly string[];
};

/**
 * Cells by label values, read by the registry only when somebody scrapes. The hot path keeps its cell;
 * prom-client would sort and hash the labels on each increment.
 */
export class Tally {
  readonly #cells = new Map<string, { labels: Record<string, string>; cell: Cell }>();
  readonly #labels: readonly string[];

  constructor(options: TallyOptions) {
    this.#labels = options.labels;
    const cells = this.#cells;
    const shared = {
      name: options.name,
      help: options.help,
      labelNames: [...options.labels],
      registers: [options.registry],
    };
    if (options.type === 'counter') {
      new Counter({
        ...shared,
        collect() {
          this.reset();
          for (const { labels, cell } of cells.values()) this.inc(labels, cell.value);
        },
      });
    } else {
      new Gauge({
        ...shared,
        collect() {
          this.reset();
          for (const { labels, cell } of cells.values()) this.set(labels, cell.value);
        },
      });
    }
  }

  /** The cell of these label values, made at the first call; keep it where it is used often. */
  cell(...values: readonly string[]): Cell {
    const id = values.length === 1 ? (values[0] ?? '') : values.join('\u0000');
    let entry = this.#cells.get(id);
    if (entry === undefined) {
      const labels: Record<string, string> = {};
      this.#labels.forEach((label, index) => {
        labels[label] = values[index] ?? '';
      });
      entry = { labels, cell: { value: 0 } };
      this.#cells.set(id, entry);
    }
    return entry.cell;
  }

  /** Takes a cell out of the exposition: what it counted no longer exists. */
  forget(...values: readonly string[]): void {
    this.#cells.delete(values.join('\u0000'));
  }
}
