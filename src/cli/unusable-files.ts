import type { GatewayError } from '../errors.ts';

/** Files that the configuration names and a start could not use: as much a mistake of it as any other. */
export class UnusableFiles extends Error {
  readonly problems: readonly GatewayError[];
  /** EX_CONFIG of sysexits(3), as a `ConfigError`. */
  readonly exitCode = 78;

  constructor(problems: readonly GatewayError[]) {
    super(problems.map(({ code }) => code).join(', '));
    this.name = 'UnusableFiles';
    this.problems = problems;
  }
}
