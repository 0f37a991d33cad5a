import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AuditParts, auditCalls } from '../../src/admin/index.ts';
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

  it('leaves nothing out of the log that could not be written: then nothing leaves', async () => {
    let read = 0;
    const calls = auditCalls({
      store: {
        async read() {
          read += 1;
          return { items: [] };
        },
      },
      audit: { record: () => {}, flush: () => Promise.reject(new Error('not written')) },
      retention: { oldest: 0 },
    } as unknown as AuditParts);
    const exporting = calls.filter(({ path }) => path.includes('export'));
    assert.equal(exporting.length, 2);
    for (const call of exporting) {
      const input = { query: {}, subscription: 'default', caller: { actor: 'local:a', grants: [] } };
      await assert.rejects(
        async () => call.handle(input as unknown as Parameters<typeof call.handle>[0]),
        /not written/,
      );
    }
    assert.equal(read, 0);
  });

  it('leaves alone what is no formula', () => {
    for (const text of ['alice', "o'neil", '2026-11-22T05:00:00Z', 'a-b', 'a=b', '::1']) {
      assert.equal(csvCell(text), text);
    }
  });
});
