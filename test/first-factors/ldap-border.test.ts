import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as library from 'ldapts';
import { activeDirectory } from '../../src/first-factors/active-directory.ts';
import { bindAnswer, isServerFailure } from '../../src/first-factors/ldap-answer.ts';
import { all, any, begins, is, type LdapFilter, toFilter } from '../../src/first-factors/ldap-filter.ts';
import type { LdapKind } from '../../src/first-factors/ldap-kind.ts';
import { openLdap } from '../../src/first-factors/open-ldap.ts';
import { guidBytes, guidText, siblingSid } from '../../src/first-factors/windows-ids.ts';

const place = { baseDn: 'DC=corp,DC=example', attributes: {}, aliases: ['CORP', 'corp.example'] };
const kinds: readonly LdapKind[] = [activeDirectory(place), openLdap(place)];

/** What names are made of by people who want them to be something else. */
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'ab*()\\|&!=<>~:,\0"\'é李🚪\ud800/@'), maxLength: 30 }),
  fc.constantFrom('*)(uid=*', 'a)(|(objectClass=*)', '\\2a', '\\00', 'admin*', ')(&'),
);

/** The filter as a server reads it. */
function asReceived(filter: LdapFilter): library.Filter {
  const writer = new library.BerWriter();
  toFilter(library, filter).write(writer);
  return library.FilterParser.parse(new library.BerReader(writer.buffer));
}

describe('a filter', () => {
  it('holds any name as one value, and nothing of it as syntax', () => {
    fc.assert(
      fc.property(name, (text) => {
        const received = asReceived(is('sAMAccountName', text));
        assert.ok(received instanceof library.EqualityFilter);
        assert.equal(received.value, text.toWellFormed());
        const picked = asReceived(begins('cn', text));
        if (text === '') assert.ok(picked instanceof library.PresenceFilter);
        else {
          assert.ok(picked instanceof library.SubstringFilter);
          assert.deepEqual([picked.initial, picked.any, picked.final], [text.toWellFormed(), [], '']);
        }
      }),
    );
  });

  it('has the same shape whatever is typed', () => {
    const shape = (filter: library.Filter): unknown =>
      filter instanceof library.AndFilter || filter instanceof library.OrFilter
        ? [filter.type, ...filter.filters.map(shape)]
        : filter.type;
    for (const kind of kinds) {
      const plain = shape(asReceived(all(kind.people, kind.named('alice'))));
      fc.assert(
        fc.property(name, (text) => {
          // An @ makes it a whole principal name: one question for it instead of one for each alias.
          if (text.includes('@')) return;
          assert.deepEqual(shape(asReceived(all(kind.people, kind.named(text)))), plain);
        }),
      );
    }
  });

  it('carries bytes as they are: ids are no text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const id = Buffer.from(bytes);
        assert.deepEqual(guidBytes(guidText(id) ?? ''), id);
        const writer = new library.BerWriter();
        toFilter(library, any(is('objectGUID', id))).write(writer);
        assert.ok(writer.buffer.includes(id));
      }),
    );
  });
});

describe('an entry', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(fc.string({ maxLength: 10 }), { maxLength: 3 }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(
      '0',
      '-1',
      '512',
      '514',
      '99999999999999999999',
      '9223372036854775807',
      'NaN',
      '20260101000000.0Z',
    ),
  );

  it('of any values is a person or none, and never a failure', () => {
    for (const kind of kinds) {
      const attributes = fc.record(
        Object.fromEntries(kind.attributes.map((each) => [each, fc.option(value, { nil: undefined })])),
      );
      fc.assert(
        fc.property(attributes, fc.nat(), (values, now) => {
          const given = Object.entries(values).filter(
            (pair): pair is [string, string] => pair[1] !== undefined,
          );
          const person = kind.person({ dn: 'CN=x', ...Object.fromEntries(given) }, now);
          if (person === undefined) return;
          assert.equal(typeof person.disabled, 'boolean');
          assert.ok(person.id.length === 36 || person.id.length > 0);
          assert.ok(person.name.trim() !== '');
        }),
      );
    }
  });

  it('without what says that it is switched on is nobody', () => {
    const [ad] = kinds;
    const entry = { dn: 'CN=x', objectGUID: Buffer.alloc(16, 7), sAMAccountName: 'x' };
    assert.equal(ad?.person(entry, 0), undefined);
    assert.equal(ad?.person({ ...entry, userAccountControl: '514' }, 0)?.disabled, true);
    assert.equal(ad?.person({ ...entry, userAccountControl: '512' }, 0)?.disabled, false);
  });
});

describe('an answer', () => {
  const failure = (code: number, message: string) => Object.assign(new Error(message), { code });

  it('lets nobody in, whatever number it carries', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.string(), fc.nat(20), (code, message, policy) => {
        const answer = bindAnswer(failure(code, message), policy);
        assert.ok(answer === undefined || answer.result !== ('accepted' as string));
        if (answer === undefined)
          assert.equal(isServerFailure(failure(code, message)), ![4, 16, 20, 32, 34, 50].includes(code));
      }),
    );
  });

  it('tells what Windows means by its numbers', () => {
    const said = (number: string) =>
      bindAnswer(
        failure(
          49,
          `8009030C: LdapErr: DSID-0C0904DC, comment: AcceptSecurityContext error, data ${number}, v1db1`,
        ),
      );
    assert.deepEqual(said('52e'), { result: 'refused' });
    assert.deepEqual(said('525'), { result: 'refused' });
    assert.deepEqual(said('530'), { result: 'restricted', by: 'logon-hours' });
    assert.deepEqual(said('531'), { result: 'restricted', by: 'workstation' });
    assert.deepEqual(said('532'), { result: 'restricted', by: 'password-expired' });
    assert.deepEqual(said('533'), { result: 'restricted', by: 'disabled' });
    assert.deepEqual(said('701'), { result: 'restricted', by: 'expired' });
    assert.deepEqual(said('773'), { result: 'restricted', by: 'password-expired' });
    assert.deepEqual(said('775'), { result: 'restricted', by: 'locked' });
  });
});

describe('the primary group', () => {
  it('is the account’s own SID with another last number', () => {
    const sid = Buffer.from('010500000000000515000000a065cf7e784b9b5fe77c8770f4010000', 'hex');
    assert.equal(
      siblingSid(sid, 513)?.toString('hex'),
      '010500000000000515000000a065cf7e784b9b5fe77c877001020000',
    );
    for (const wrong of [-1, 2 ** 32, 1.5, Number.NaN]) assert.equal(siblingSid(sid, wrong), undefined);
    assert.equal(siblingSid(Buffer.alloc(4), 513), undefined);
  });
});
