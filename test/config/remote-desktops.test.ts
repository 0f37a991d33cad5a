import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accepted, mistakes } from './read-text.ts';

const desktop = (rest: string): string => `applications: [{ name: ts, type: rdp, ${rest} }]`;

describe('an application of type rdp', () => {
  it('stands beside the others, with what its agents and clients need', () => {
    const { applications, remoteDesktops, demo } = accepted(`applications:
      - { name: desk, servers: [http://b] }
      - name: ts
        title: Terminal servers
        type: rdp
        servers: [TS1.corp.example, "10.0.0.2:3390", { address: "[2001:db8::1]:3391", name: TS3 }]
        domain: CORP
        allow: { groups: [staff] }`);
    assert.deepEqual(
      applications.map(({ name }) => name),
      ['desk'],
    );
    assert.equal('type' in (applications[0] ?? {}), false);
    assert.deepEqual(remoteDesktops, [
      {
        name: 'ts',
        title: 'Terminal servers',
        servers: [
          { name: 'ts1.corp.example', address: 'ts1.corp.example:3389' },
          { name: '10.0.0.2', address: '10.0.0.2:3390' },
          { name: 'ts3', address: '[2001:db8::1]:3391' },
        ],
        domain: 'CORP',
        allow: { groups: ['staff'] },
      },
    ]);
    assert.equal(demo, false);
  });

  it('may say that it is of type web, which is what it is otherwise', () => {
    const [application] = accepted(
      'applications: [{ name: a, type: web, servers: [http://b] }]',
    ).applications;
    assert.equal(application?.name, 'a');
  });

  const table: readonly [text: string, path: string, says: RegExp][] = [
    [desktop('servers: []'), 'applications[0].servers', /too short/],
    [
      desktop('servers: [http://ts1]'),
      'applications[0].servers[0]',
      /no host and port.*ts1\.corp\.example:3389/s,
    ],
    [desktop('servers: ["ts1:70000"]'), 'applications[0].servers[0]', /no host and port/],
    [desktop('servers: ["ts1\\r\\nx:s:y"]'), 'applications[0].servers[0]', /no host and port/],
    [desktop('servers: [ts1, TS1]'), 'applications[0].servers[1]', /this name already/],
    [desktop('servers: [ts1], path: /x'), 'applications[0].path', /no such setting/],
    [desktop('servers: [ts1], domain: "A\\\\B"'), 'applications[0].domain', /no backslash/],
    [desktop('servers: [ts1], remoteApp: { program: x }'), 'applications[0].remoteApp.name', /missing/],
    [
      desktop('servers: [ts1], remoteApp: { program: "x\\ny", name: x }'),
      'applications[0].remoteApp.program',
      /Control/,
    ],
    ['applications: [{ name: a, type: vnc, servers: [b] }]', 'applications[0].type', /web, rdp/],
    [
      'applications: [{ name: a, servers: [http://b] }, { name: a, type: rdp, servers: [b] }]',
      'applications[1].name',
      /this name already/,
    ],
  ];
  for (const [text, path, says] of table) {
    it(`is refused at ${path}: ${says.source}`, () => {
      const found = mistakes(text);
      assert.deepEqual(
        found.map((each) => each.path),
        [path],
      );
      assert.match(JSON.stringify(found[0]), says);
    });
  }
});
