import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const documents = globSync(['*.md', 'deploy/*.md', 'docs/**/*.md'], { cwd: root });

/** Where a heading of GitHub's Markdown can be linked to. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** Pictures and measurements are taken of a finished gateway, so a change of it may come before them. */
const takenLater = /[\\/]docs[\\/](?:images[\\/]|benchmarks\.md$)/;

describe('the documents', () => {
  for (const document of documents) {
    it(`${document} links only to what is there`, () => {
      const text = readFileSync(join(root, document), 'utf8');
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
      for (const link of links.filter((each) => !/^[a-z]+:/.test(each))) {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? join(root, document) : resolve(root, dirname(document), path);
        if (takenLater.test(target)) continue;
        assert.ok(existsSync(target), `${link} leads nowhere`);
        if (anchor === undefined) continue;
        const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)].map(
          (match) => match[1] ?? '',
        );
        assert.ok(headings.map(anchorOf).includes(anchor), `${link} names no heading`);
      }
    });
  }

  it('number the decisions without a gap or a clash, by name and title alike', () => {
    const decisions = globSync('docs/decisions/*.md', { cwd: root }).sort();
    const numbers = decisions.map((decision) => {
      const title = /^# (\d+)\. \S/.exec(readFileSync(join(root, decision), 'utf8'))?.[1];
      const name = /(\d{4})-[a-z0-9-]+\.md$/.exec(decision)?.[1];
      assert.equal(Number(title), Number(name), decision);
      return Number(name);
    });
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
  });

  it('say how the suite is run, in the words of package.json', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    for (const document of documents) {
      const text = readFileSync(join(root, document), 'utf8');
      for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g)) {
        assert.ok(script in scripts, `${document} names npm run ${script}`);
      }
    }
    assert.match(readFileSync(join(root, 'README.md'), 'utf8'), /^ {4}npm test$/m);
  });
});
