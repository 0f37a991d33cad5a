import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { auditEventTypes } from '../../src/audit/index.ts';
import { eventFields } from '../../src/cli/event-fields.ts';

describe('the fields of audit events', () => {
  const source = readFileSync(resolve(import.meta.dirname, '../../src/audit/event.ts'), 'utf8');
  const fields = eventFields(source);

  it('are known for every event there is, and for no other', () => {
    assert.deepEqual([...fields.keys()].sort(), [...auditEventTypes].sort());
    for (const [type, named] of fields) assert.ok(named.length > 0, type);
  });

  it('are those that the union declares, shared ones too', () => {
    assert.deepEqual(fields.get('sign-in.refused'), ['user?', 'name', 'reason', 'origin']);
    assert.deepEqual(fields.get('lockout'), ['scope', 'subject', 'until?', 'origin?']);
    assert.ok(fields.get('message.failed')?.includes('providerError?'));
    assert.ok(fields.get('message.failed')?.includes('channel'));
    assert.deepEqual(fields.get('clock.off'), ['offset']);
  });
});
