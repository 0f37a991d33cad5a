import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describeEvents, describeMetrics } from '../audit/index.ts';
import { describeProblems } from '../catalogue/index.ts';
import { configurationJsonSchema, describeConfiguration } from '../config/index.ts';
import { describeSettings } from '../settings/index.ts';
import { eventFields } from './event-fields.ts';

/** Every document that is made from the code, by its path in the repository. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['config/sallyport.schema.json', configurationJsonSchema()],
    [
      'docs/configuration.md',
      [
        '# Reference',
        '',
        '<!-- Made by `npm run docs` from the code. Change it there. -->',
        '',
        'The file, the variables, the settings that administrators change at run time, and what the gateway says, counts and records. `config/sallyport.example.yaml` shows every key of the file; `config/sallyport.schema.json` lets an editor check it.',
        '',
        describeConfiguration(),
        '## Run-time settings',
        '',
        'Per subscription, in the store: `sallyport settings get` and `sallyport settings set`. A change is in effect within one second.',
        '',
        describeSettings(),
        '## Problem codes',
        '',
        'The `code` of a problem answer (RFC 9457) is stable; its text follows the language of the reader.',
        '',
        describeProblems(),
        '## Metrics',
        '',
        'At `/metrics` of the management listener, besides those of Node.js itself.',
        '',
        describeMetrics(),
        '## Audit events',
        '',
        'In the store, as lines of the log, and wherever `audit` sends them: [the catalogue](audit-events.md).',
        '',
      ].join('\n'),
    ],
    [
      'docs/audit-events.md',
      [
        '# Audit events',
        '',
        '<!-- Made by `npm run docs` from the code. Change it there. -->',
        '',
        'Every entry has a time and a type, and says its `subscription` where that is not `default`. `user` is a user key (`directory:id`), `actor` a user key, `token:<id>`, `cli` or `system`, `origin` holds `address` and perhaps `browser`; times are Unix milliseconds. A field with `?` may be absent. What somebody outside can cause without being counted is written 20 times a minute and then summed up in `repeated`.',
        '',
        describeEvents(eventFields(eventSource())),
      ].join('\n'),
    ],
  ]);
}

const eventSource = (): string => readFileSync(resolve(import.meta.dirname, '../audit/event.ts'), 'utf8');

/** `npm run docs` writes them. */
function write(root: string): void {
  for (const [path, text] of generatedFiles()) {
    const file = join(root, path);
    if (textOf(file) === text) continue;
    writeFileSync(file, text);
    console.log(`${path} is new`);
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.main) write(resolve(import.meta.dirname, '../..'));
