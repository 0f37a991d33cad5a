import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');

const ranks: Record<string, number> = {
  'errors.ts': 0,
  'clock.ts': 0,
  'random.ts': 0,
  config: 1,
  catalogue: 1,
  storage: 2,
  audit: 3,
  delivery: 3,
  settings: 4,
  licence: 4,
  sessions: 5,
  branding: 5,
  accounts: 6,
  'first-factors': 7,
  'second-factors': 7,
  access: 8,
  attention: 8,
  http: 9,
  proxy: 10,
  portal: 10,
  admin: 10,
  rdp: 10,
  server: 11,
  cli: 12,
};

/** Packages that only some rooms may load, so that a driver can be replaced in one place. */
const confined: Record<string, readonly string[]> = {
  'node:sqlite': ['storage'],
  ioredis: ['storage'],
  jose: ['sessions'],
  koa: ['http', 'portal', 'admin', 'rdp', 'server'],
  '@koa/router': ['portal', 'admin', 'rdp', 'server'],
  ldapts: ['first-factors'],
  pino: ['audit'],
  'prom-client': ['audit'],
  twilio: ['delivery'],
  nodemailer: ['delivery'],
  'libphonenumber-js/max': ['delivery'],
  'libphonenumber-js': [],
  yaml: ['config'],
  commander: ['cli'],
  i18next: ['catalogue', 'web'],
};

type Import = { from: string; to: string; room: string };

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const roomOf = (file: string): string => relative(source, file).split(sep)[0] ?? '';

const files = filesBelow(source);
const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'([^']+)'/g)].map((match) => ({
    from: file,
    to: match[1] ?? '',
    room: roomOf(file),
  })),
);
const name = (entry: Import): string => `${relative(root, entry.from)} imports ${entry.to}`;

describe('the structure of src/', () => {
  it('has no room without a rank and no junk drawer', () => {
    const unknown = readdirSync(source).filter((entry) => entry !== 'web' && !(entry in ranks));
    assert.deepEqual(unknown, []);
    const drawers = files.filter((file) =>
      /(^|[/\\])(utils?|helpers?|common|misc)([/\\.]|$)/.test(relative(source, file)),
    );
    assert.deepEqual(drawers, []);
  });

  it('imports strictly lower ranks only', () => {
    const wrong = imports.filter((entry) => {
      if (!entry.to.startsWith('.') || entry.room === 'web') return false;
      const target = roomOf(resolve(dirname(entry.from), entry.to));
      if (target === entry.room) return false;
      return (ranks[target] ?? 99) >= (ranks[entry.room] ?? 0);
    });
    assert.deepEqual(wrong.map(name), []);
  });

  it('enters another room only through its index', () => {
    const wrong = imports.filter((entry) => {
      if (!entry.to.startsWith('.')) return false;
      const target = resolve(dirname(entry.from), entry.to);
      const room = roomOf(target);
      if (room === entry.room || room.endsWith('.ts')) return false;
      return relative(source, target) !== join(room, 'index.ts');
    });
    assert.deepEqual(wrong.map(name), []);
  });

  it('keeps drivers in their rooms', () => {
    const wrong = imports.filter((entry) => {
      const rooms = confined[entry.to];
      return rooms !== undefined && !rooms.includes(entry.room);
    });
    assert.deepEqual(wrong.map(name), []);
  });

  it('lets browser code import nothing of the server but types of the API', () => {
    const wrong = imports.filter((entry) => {
      if (entry.room !== 'web' || !entry.to.startsWith('.')) return false;
      const target = roomOf(resolve(dirname(entry.from), entry.to));
      return target !== 'web' && target !== 'portal' && target !== 'admin';
    });
    assert.deepEqual(wrong.map(name), []);
    const values = files.filter(
      (file) =>
        roomOf(file) === 'web' &&
        /^import (?!type\b).*from '[./]*\/(portal|admin)\/index\.ts'/m.test(readFileSync(file, 'utf8')),
    );
    assert.deepEqual(values, []);
  });

  it('reads the environment only in config/', () => {
    const wrong = files.filter(
      (file) => roomOf(file) !== 'config' && /\bprocess\.env\b/.test(readFileSync(file, 'utf8')),
    );
    assert.deepEqual(
      wrong.map((file) => relative(root, file)),
      [],
    );
  });

  it('opens each room with one sentence saying its duty, and CONTRIBUTING.md holds the same table', () => {
    const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    for (const room of readdirSync(source).filter(
      (entry) => !entry.includes('.') && entry !== 'web' && entry !== 'cli',
    )) {
      const index = join(source, room, 'index.ts');
      assert.ok(existsSync(index), `${room}/ has no index.ts`);
      assert.match(
        readFileSync(index, 'utf8'),
        /^\/\*\* [A-Z][^\n]*[.:] ?\*?\/?/,
        `${room}/index.ts does not open with its duty`,
      );
      assert.match(
        contributing,
        new RegExp(`\\| ${ranks[room]} +\\| \`${room}/\` +\\|`),
        `CONTRIBUTING.md lacks ${room}/`,
      );
    }
  });

  it('names no module-level mutable state', () => {
    const wrong = files
      .filter((file) => roomOf(file) !== 'web')
      .filter((file) => /^(?:export )?let /m.test(readFileSync(file, 'utf8').replaceAll(/`[^`]*`/g, '')));
    assert.deepEqual(
      wrong.map((file) => relative(root, file)),
      [],
    );
  });
});
