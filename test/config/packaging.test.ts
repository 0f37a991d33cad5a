import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const dockerfile = read('Dockerfile');
const manifest: { optionalDependencies: Record<string, string>; dependencies: Record<string, string> } =
  JSON.parse(read('package.json'));

describe('the image', () => {
  it('runs the Node.js that every platform package pins', () => {
    const pinned = new Set(Object.values(manifest.optionalDependencies));
    const image = /^ARG NODE_VERSION=(.+)$/m.exec(dockerfile)?.[1];
    assert.deepEqual([...pinned], [image]);
    const stages = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    for (const stage of stages) assert.match(stage ?? '', /^node:\$\{NODE_VERSION\}-trixie-slim$/);
  });

  it('runs as a user without rights, and says how to see that it lives', () => {
    const user = dockerfile.lastIndexOf('USER node');
    assert.ok(user > dockerfile.lastIndexOf('FROM '));
    assert.ok(user < dockerfile.indexOf('ENTRYPOINT'));
    assert.match(dockerfile, /^HEALTHCHECK /m);
  });

  it('is built from what it names and nothing else: no data, no history, no tests', () => {
    const [first, ...rest] = read('.dockerignore').trim().split('\n');
    assert.equal(first, '*');
    assert.deepEqual(rest.sort(), [
      '!.npmrc',
      '!LICENSE',
      '!bin',
      '!build',
      '!package-lock.json',
      '!package.json',
      '!src',
    ]);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, sources]) => sources?.split(' ') ?? [],
    );
    for (const source of copied) assert.ok(rest.includes(`!${source}`), `${source} is not in the context`);
    assert.deepEqual(
      rest.filter((entry) => !copied.includes(entry.slice(1))),
      [],
      'nothing needs it',
    );
  });
});

describe('the packages', () => {
  it('have exact versions, so that a clone is what was tested', () => {
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
    }
  });
});
