import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole } from '../support/admin-client.ts';
import { missing } from '../support/real-part.ts';
import { type Site, startSite } from '../support/site.ts';
import { apiTable, generatedFrom } from './api-table.ts';

const document = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs', 'api.md'), 'utf8');

describe('docs/api.md', { skip: missing('curl', 'bash') }, () => {
  let site: Site;
  let owner: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
  });
  after(() => site.stop());

  it('shows commands that work as they stand there, one after the other', async () => {
    const { rooms } = site.gateway;
    const olivia = await rooms.local.lookUp('olivia');
    const { secret } = await rooms.apiTokens.create(
      { name: 'documents', role: 'owner', expiresAt: site.clock.now() + 86_400_000 },
      { creator: olivia?.key ?? '', actor: 'test' },
    );
    const commands = [...document.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block).join('\n');
    assert.ok(commands.split('curl').length > 15);
    const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: site.folder,
      env: { PATH: process.env.PATH, TOKEN: secret, CONSOLE: `http://localhost:${site.consolePort}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk) => {
      printed += chunk;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 0, printed.slice(-2_000));
    assert.ok(!printed.includes(secret));
  });

  it('lists every call that there is', async () => {
    const { json } = await owner.admin('GET', 'openapi.json');
    assert.equal(
      document.split(generatedFrom)[1]?.trim(),
      apiTable(json).trim(),
      'node test/admin/write-api.ts',
    );
  });
});
