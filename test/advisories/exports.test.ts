import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvCell } from '../../src/audit/index.ts';

/** Anybody can type a name at the sign-in page, and an administrator opens it in a spreadsheet. */
describe('an export of the audit log', () => {
  const names = [
    '=HYPERLINK("https://evil.example","x")',
    'x;=HYPERLINK("https://evil.example";"x");y',
    ";=1+1|' /C calc'!A0;",
    'x; =1+1;y',
    'x\t@SUM(1)',
    ' +1',
    '＝1+1',
    'x\r\n-1',
  ];

  for (const separator of [',', ';', '\t']) {
    it(`holds no formula where ${JSON.stringify(separator)} ends a cell`, () => {
      for (const name of names) {
        const cell = csvCell(name);
        // As a spreadsheet with a comma reads it, and as one does that takes quotes in mid-line for text.
        const read =
          separator === ','
            ? [cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell]
            : `2026,${cell},x`.split(/\r\n|[\r\n]/).flatMap((line) => line.split(separator));
        for (const each of read) assert.doesNotMatch(each, /^\s*[=+\-@＝＋－＠]/, JSON.stringify(name));
      }
    });
  }

  it('leaves alone what is no formula', () => {
    for (const text of ['alice', "o'neil", '2026-11-22T05:00:00Z', 'a-b', 'a=b', '::1']) {
      assert.equal(csvCell(text), text);
    }
  });
});
