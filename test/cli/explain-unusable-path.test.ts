import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCatalogue } from '../../src/catalogue/index.ts';
import { explainFailure } from '../../src/cli/explain-failure.ts';
import { GatewayError } from '../../src/errors.ts';

const catalogue = createCatalogue();

const refused = Object.assign(new Error("EACCES: permission denied, mkdir '/srv/data'"), {
  code: 'EACCES',
  syscall: 'mkdir',
  path: '/srv/data',
});

describe('a path that cannot be used', () => {
  it('is named with the reason, whoever wrapped the failure', () => {
    for (const error of [refused, new GatewayError('store-unavailable', { cause: refused })]) {
      const { lines, exitCode } = explainFailure(error, catalogue, 'en');
      assert.equal(exitCode, 1);
      assert.deepEqual(lines, [
        "/srv/data can't be used: whoever runs this command has no right to.",
        `  ${refused.message}`,
      ]);
    }
    assert.match(explainFailure(refused, catalogue, 'fr').lines[0] ?? '', /^\/srv\/data .*pas le droit\.$/);
  });

  it('is not what a lost store without a path is taken for', () => {
    const full = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    const { lines } = explainFailure(new GatewayError('store-unavailable', { cause: full }), catalogue, 'en');
    assert.equal(lines[0], "The store can't be used: the disk is full.");
  });

  it('leaves a bug its stack', () => {
    const { lines } = explainFailure(new TypeError('a bug'), catalogue, 'en');
    assert.match(lines[0] ?? '', /TypeError: a bug\n +at /);
  });
});
