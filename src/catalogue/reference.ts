import { type ProblemCode, problems } from '../errors.ts';
import { createCatalogue } from './catalogue.ts';

/** A Markdown table of every problem code: its HTTP status and what a reader of English is told. */
export function describeProblems(): string {
  const catalogue = createCatalogue();
  const rows = (Object.entries(problems) as [ProblemCode, number][]).map(
    ([code, status]) => `| \`${code}\` | ${status} | ${catalogue.problem('en', { code })} |`,
  );
  return ['| code | status | says |', '| --- | --- | --- |', ...rows, ''].join('\n');
}
