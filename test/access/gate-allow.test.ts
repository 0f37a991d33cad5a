import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GatedApplication, isAllowed } from '../../src/access/index.ts';

const user = {
  key: 'corp:S-1-5-21',
  name: 'Alice',
  displayName: 'Alice Adams',
  directory: 'corp',
  groups: ['Staff', 'R&D, Paris', 'local:admins'],
};

const cases: readonly [string, GatedApplication['allow'], boolean][] = [
  ['nothing said: every verified user', undefined, true],
  ['nobody named: nobody', {}, false],
  ['an empty list of users', { users: [] }, false],
  ['an empty list of groups', { groups: [] }, false],
  ['by key', { users: ['corp:S-1-5-21'] }, true],
  ['by name', { users: ['alice'] }, true],
  ['by directory and name', { users: ['corp:alice'] }, true],
  ['the same name in another directory', { users: ['local:alice'] }, false],
  ['part of a name', { users: ['ali', 'alice adams'] }, false],
  ['by group', { groups: ['staff'] }, true],
  ['by directory and group', { groups: ['corp:staff'] }, true],
  ['a group of another directory', { groups: ['local:staff'] }, false],
  ['a group with a comma, whole', { groups: ['R&D, Paris'] }, true],
  ['a group with a comma, in parts', { groups: ['R&D', 'Paris'] }, false],
  ['a group whose name looks like another directory', { groups: ['local:admins'] }, false],
  ['that group by its own directory', { groups: ['corp:local:admins'] }, true],
  ['users or groups', { users: ['bob'], groups: ['staff'] }, true],
  ['the subscription', { subscriptions: ['default'] }, true],
  ['another subscription', { subscriptions: ['acme'] }, false],
  ['another subscription although the user is named', { subscriptions: ['acme'], users: ['alice'] }, false],
  ['the subscription but other users', { subscriptions: ['default'], users: ['bob'] }, false],
];

describe('who an application is for', () => {
  for (const [title, allow, expected] of cases) {
    it(`${title}: ${expected ? 'yes' : 'no'}`, () => {
      assert.equal(isAllowed(allow, 'default', user), expected);
    });
  }
});
