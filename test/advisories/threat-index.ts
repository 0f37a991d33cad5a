import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Attacks and accidents, by the numbers that names of tests begin with. */
export const threats: Readonly<Record<string, string>> = {
  1: 'A WebSocket upgrade with no token, or with a pending, expired, revoked, foreign or forged one',
  2: 'The steps of a sign-in out of order, twice, empty, with the body of another step, from another sign-in',
  3: 'Enrolling a second time, never confirming an enrolment, naming the recipient of a code',
  4: 'Malformed, doubled, differently spelt and endless cookies',
  5: 'Encoded, doubled and dotted paths, other forms of targets, other spellings of a host',
  6: 'Headers that pose as a proxy, a rewrite or a health check',
  7: 'A connection that outlives its session',
  8: 'Opening between expired and swept; two first sessions at the same instant',
  9: 'Using a code again: at once, elsewhere, after a restart, at the other end of the discrepancy',
  10: 'Guessing: in parallel, slowly, across methods and addresses; lockout as a weapon',
  11: 'Request smuggling, and messages that no parser should be asked to read',
  12: 'Application servers that answer wrongly, ambiguously, in pieces or never',
  13: 'Clients that are slow, hasty, half-open or many',
  14: 'Open redirects, cookies and headers of ours from an application server',
  15: 'Cross-site requests, WebSocket hijacking, framing, sniffing, caching, login CSRF',
  16: 'Choosing the server (server-side request forgery)',
  '16a': 'A hostile page of an application on the origin of the portal',
  '16b': 'One kind of token in place of another',
  '16c': 'A far-off code as an oracle; walking the learned drift away',
  '16d': 'Names that differ only by encoding, commas in groups, trailers with an identity',
  17: 'The store gone, slow, full, read-only, replaced, or deaf',
  18: 'SMS and email providers that fail',
  19: 'A clock that jumps, a key, folder, port or certificate that cannot be used',
  20: 'Being stopped under load',
  21: 'Secrets in logs, errors, metrics, the audit log, addresses, backups',
  22: 'Whether a user exists, by words, status, time, size or lockout',
};

/** Not built yet. */
export const later: readonly string[] = [];

/** Whole files that are about one threat, although their tests have names of their own. */
export const whole: Readonly<Record<string, readonly string[]>> = {
  7: ['test/access/gate-revocation.test.ts'],
  8: [
    'test/access/gate-elsewhere.test.ts',
    'test/scenarios/both-clocks.test.ts',
    'test/scenarios/two-gateways.test.ts',
  ],
  9: ['test/scenarios/killed.test.ts', 'test/scenarios/two-gateways.test.ts'],
  10: ['test/access/throttle.test.ts'],
  12: ['test/proxy/upstream-failures.test.ts'],
  13: ['test/proxy/streaming.test.ts'],
  15: ['test/portal/guards.test.ts'],
  17: [
    'test/scenarios/redis-faults.test.ts',
    'test/scenarios/store-faults.test.ts',
    'test/storage/redis-faults.test.ts',
    'test/storage/sqlite-faults.test.ts',
  ],
  19: ['test/scenarios/clock-jumps.test.ts'],
  20: ['test/scenarios/graceful-shutdown.test.ts', 'test/scenarios/rolling-restart.test.ts'],
  21: ['test/audit/log.test.ts'],
};

export const root = resolve(import.meta.dirname, '../..');
export const document = resolve(root, 'docs/threats.md');

export type NamedTest = { readonly file: string; readonly threat: string; readonly name: string };

const called = /\b(?:it|test|describe)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;

/** Every test, or group of tests, whose name begins with a threat. What a template fills in is written as `…`. */
export function namedTests(): NamedTest[] {
  const files = globSync('test/**/*.test.ts', { cwd: root }).map((file) => file.replaceAll('\\', '/'));
  return files.sort().flatMap((file) => {
    const source = readFileSync(resolve(root, file), 'utf8');
    return [...source.matchAll(called)].flatMap(([, single, double, template]) => {
      const text = (single ?? double ?? template?.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…') ?? '')
        .replaceAll(/\\(.)/g, '$1')
        .trim();
      const [, threat, name] = /^threat (\d+[a-d]?): (.*)$/s.exec(text) ?? [];
      return threat === undefined || name === undefined ? [] : [{ file, threat, name }];
    });
  });
}

/** The tests that the document names, as it names them. */
export function documentedTests(): NamedTest[] {
  let threat = '';
  let file = '';
  const found: NamedTest[] = [];
  for (const line of readFileSync(document, 'utf8').split('\n')) {
    threat = /^## (\d+[a-d]?)\. /.exec(line)?.[1] ?? threat;
    file = /^- \[(test\/\S+\.test\.ts)\]\(/.exec(line)?.[1] ?? file;
    const name = /^ {2}- (.*)$/.exec(line)?.[1];
    if (name !== undefined) found.push({ file, threat, name: unmarked(name) });
  }
  return found;
}

/** `docs/threats.md` from the names of the tests as they are now. */
export function render(): string {
  const tests = namedTests();
  const sections = Object.entries(threats)
    .sort(([one], [other]) => order(one) - order(other) || one.localeCompare(other))
    .map(([threat, title]) => {
      const own = tests.filter((test) => test.threat === threat);
      const files = [...new Set(own.map(({ file }) => file))];
      const lines = files.flatMap((file) => [
        `- [${file}](../${file})`,
        ...own.filter((test) => test.file === file).map(({ name }) => `  - ${marked(name)}`),
      ]);
      const also = (whole[threat] ?? []).map((file) => `- the whole of [${file}](../${file})`);
      const nothing = later.includes(threat) ? ['Nothing sends codes yet.'] : [];
      return [`## ${threat}. ${title}`, '', ...lines, ...also, ...nothing, ''].join('\n');
    });
  return `${introduction}\n${sections.join('\n')}`;
}

const introduction = `# What must fail, and the tests that see it fail

Each attack or accident has tests of its own, whose names begin with \`threat\` and its number. Those in
\`test/advisories/\` go through the whole gateway, over raw sockets where a client library would hide the attack. A
security fix adds one.

Written from the names of the tests by \`node test/advisories/write-threats.ts\`.
`;

const order = (threat: string): number => Number.parseInt(threat, 10);
const marked = (name: string): string => name.replaceAll(/[\\<>*_`[\]]/g, '\\$&');
const unmarked = (name: string): string => name.replaceAll(/\\([\\<>*_`[\]])/g, '$1');

/** Writes the document. */
export function write(): void {
  writeFileSync(document, render());
}
