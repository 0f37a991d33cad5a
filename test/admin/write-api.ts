import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ownerAtConsole } from '../support/admin-client.ts';
import { startSite } from '../support/site.ts';
import { apiTable, generatedFrom } from './api-table.ts';

/** Writes the table of docs/api.md. */
const file = join(resolve(import.meta.dirname, '../..'), 'docs', 'api.md');
const site = await startSite();
try {
  const owner = await ownerAtConsole(site);
  const { json } = await owner.admin('GET', 'openapi.json');
  const [written = ''] = readFileSync(file, 'utf8').split(generatedFrom);
  writeFileSync(file, `${written}${generatedFrom}\n${apiTable(json)}`);
} finally {
  await site.stop();
}
