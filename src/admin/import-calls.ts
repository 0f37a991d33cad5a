import { Readable } from 'node:stream';
import { mayActOn } from '../access/index.ts';
import {
  byteOrderMark,
  type ExportedUser,
  exportColumns,
  exportUsers,
  formatCsvRow,
  type ImportParts,
  type ImportResult,
  importUsers,
  type PeopleParts,
  planImport,
} from '../accounts/index.ts';
import type { Language } from '../catalogue/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { exportQuery, type ImportAnswer, importAnswer, importBody, longestImport } from './import-shapes.ts';
import { describeWarning, type PeopleCallParts } from './people.ts';

export type ImportCallParts = PeopleCallParts & {
  /** What importing needs besides. */
  importing(subscription: string): Omit<ImportParts, keyof PeopleParts | 'mayActOn'>;
};

/** Lines that an answer shows. */
const shownAtMost = 200;

/** Users from a file onto the list, and out of it into one. */
export function importCalls(parts: ImportCallParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'post',
      path: 'api/v1/admin/users/import',
      summary:
        'Puts the users of a CSV file on the list, with where their codes go and the authenticator keys they have: all or nobody.',
      may: 'administer',
      scope: 'subscription',
      body: importBody,
      // A character of the file takes up to three bytes, or six where JSON escapes it; files are mostly plain.
      longestBody: longestImport + longestImport / 2,
      answer: { status: 200, schema: importAnswer },
      problems: ['confirmation-required', 'licence-exhausted', 'licence-expired'],
      async handle({ subscription, caller, body: { csv, dryRun, confirm }, language }) {
        const importing: ImportParts = {
          ...parts.people(subscription),
          ...parts.importing(subscription),
          mayActOn: async (user) => mayActOn(caller, await parts.grantsOf(user)),
        };
        const result: ImportResult = dryRun
          ? { ...(await planImport(importing, csv)), applied: false }
          : await importUsers(importing, csv, caller.actor, { confirm });
        return { body: describeImport(result, parts.catalogue, language) };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/users/export',
      summary: 'Everybody whom the page of users lists, as CSV or JSON, without any secret.',
      may: 'see',
      scope: 'subscription',
      query: exportQuery,
      answer: { status: 200, type: 'text/csv' },
      problems: ['invalid-request'],
      async handle({ subscription, caller, query: { format } }) {
        const whole = caller.role === 'owner' || caller.role === 'administrator';
        const people = parts.people(subscription);
        people.audit.record({ type: 'users.exported', format, actor: caller.actor });
        // Written before anything leaves, though the call changes nothing.
        await people.audit.flush();
        const users = exportUsers(people, { whole });
        const stream = Readable.from(format === 'csv' ? csvOf(users) : jsonOf(users));
        const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json';
        const disposition = `attachment; filename="sallyport-users.${format}"`;
        return { stream, headers: { 'Content-Type': type, 'Content-Disposition': disposition } };
      },
    }),
  ];
}

/** As an answer has it, its problems in words. */
function describeImport(
  result: ImportResult,
  catalogue: PeopleCallParts['catalogue'],
  language: Language,
): ImportAnswer {
  const { applied, lines, changes, problems, warnings, confirm, stoppedAt } = result;
  const count = (entry: string): number => changes.filter((change) => change.entry === entry).length;
  return {
    applied,
    lines,
    added: count('added'),
    changed: count('changed'),
    same: count('same'),
    secrets: changes.filter(({ app }) => app !== undefined).length,
    changes: changes.slice(0, shownAtMost).map(({ line, user, name, entry, method, app }) => ({
      ...{ line, user, name, entry },
      ...(method === undefined ? {} : { method }),
      secret: app !== undefined,
    })),
    problems: problems.slice(0, shownAtMost).map(({ line, column, code, value = '' }) => ({
      line,
      ...(column === undefined ? {} : { column }),
      code,
      text: catalogue.text(language, `people.import.${code}`, { value }),
    })),
    problemCount: problems.length,
    warnings: warnings.map(describeWarning),
    ...(confirm === undefined ? {} : { confirm }),
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
  };
}

async function* csvOf(users: AsyncIterable<ExportedUser>): AsyncGenerator<string> {
  yield byteOrderMark + formatCsvRow(exportColumns);
  for await (const user of users) yield formatCsvRow(exportColumns.map((column) => user[column] ?? ''));
}

async function* jsonOf(users: AsyncIterable<ExportedUser>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const user of users) {
    yield before + JSON.stringify(user);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
