import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { undefuse } from '../../src/accounts/csv.ts';
import { formatCsvRow, parseCsv } from '../../src/accounts/index.ts';

const cells = (text: string): (readonly string[])[] => parseCsv(text).rows.map((row) => row.cells);

describe('a CSV text', () => {
  it('is read as spreadsheets of many countries write it', () => {
    const expected = [
      ['user', 'phone'],
      ['alice', '+41'],
    ];
    for (const text of [
      'user,phone\nalice,+41\n',
      'user;phone\r\nalice;+41',
      '\ufeffuser\tphone\ralice\t+41\r',
      '"user","phone"\n"alice","+41"',
      '\n\nuser,phone\n,\nalice,+41\n\n',
    ]) {
      assert.deepEqual(cells(text), expected, JSON.stringify(text));
    }
  });

  it('keeps separators, quotes and line breaks within quotes, and counts lines by the eye', () => {
    const { rows } = parseCsv('a,b\n"x, ""y""","1\r\n2"\nlast,\n');
    assert.deepEqual(rows, [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x, "y"', '1\r\n2'] },
      { line: 4, cells: ['last', ''] },
    ]);
  });

  it('says where its quotes are wrong', () => {
    assert.deepEqual(parseCsv('a\n"b').mistake, { line: 2, code: 'unclosed-quote' });
    assert.deepEqual(parseCsv('a\nb\n"c"d').mistake, { line: 3, code: 'text-after-quote' });
  });

  it('gives back whatever was written', () => {
    const cell = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 5 }),
        (table) => {
          // The first line decides the separator, and lines of blanks alone are left out.
          const heading = ['a', 'b', 'c', 'd', 'e'];
          const kept = table.filter((row) => row.some((each) => each.trim() !== ''));
          const text = [heading, ...table].map(formatCsvRow).join('');
          assert.deepEqual(
            cells(text)
              .slice(1)
              .map((row) => row.map(undefuse)),
            kept.map((row) => row),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('holds nothing that a spreadsheet takes for a formula', () => {
    for (const text of ['=1+1', '+41', '-1', '@x', '\t=1', '\r=1', '＝1', "'=1"]) {
      const written = formatCsvRow([text]);
      assert.match(written, /^"?'/, JSON.stringify(text));
      assert.equal(undefuse(cells(`head\n${written}`)[1]?.[0] ?? ''), text, JSON.stringify(text));
    }
    assert.equal(formatCsvRow(["O'Neill", "'quoted'"]), "O'Neill,'quoted'\r\n");
  });
});
