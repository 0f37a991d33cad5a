import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { type Answer, type PortalFixture, startPortal, tokens } from './portal-fixture.ts';

type Content = { content?: Record<string, { schema: Parameters<typeof z.fromJSONSchema>[0] }> };
type Document = {
  openapi: string;
  info: { version: string };
  components: { schemas: { Problem: Parameters<typeof z.fromJSONSchema>[0] } };
  paths: Record<string, Record<string, { requestBody?: Content; responses: Record<string, Content> }>>;
};

const pending = { cookie: `sallyport-pending=${tokens.pending}` };
const session = { cookie: `sallyport-session=${tokens.session}` };
const code = { method: 'app', code: '111111' };

/** Calls that cover every kind of success, and some failures. */
const samples: readonly (readonly [string, string, unknown, Record<string, string>])[] = [
  ['post', 'sign-in', { username: 'alice', password: 'right' }, {}],
  ['post', 'sign-in', { username: 'alice', password: 'right', deliver: 'bearer' }, {}],
  ['post', 'sign-in', { username: 'new', password: 'right' }, {}],
  ['post', 'sign-in', { username: 'unlisted', password: 'right', shared: true }, {}],
  ['post', 'sign-in', { username: 'alice', password: 'wrong' }, {}],
  ['post', 'sign-in', { username: 'alice' }, {}],
  ['post', 'sign-in/verify', code, pending],
  ['post', 'sign-in/verify', { ...code, code: '222222' }, pending],
  ['post', 'sign-in/verify', { ...code, code: '333333' }, pending],
  ['post', 'sign-in/verify', { ...code, code: '000000' }, pending],
  ['post', 'sign-in/code', { method: 'email' }, pending],
  ['post', 'sign-in/code', { method: 'sms' }, { authorization: `Bearer ${tokens.pending}` }],
  ['post', 'sign-in/password', { password: 'a new one' }, pending],
  ['post', 'sign-in/terms', { version: 'one' }, pending],
  ['post', 'enrol/app', { ticket: 'ticket' }, pending],
  ['post', 'enrol/sms', { phone: '+14155552671' }, pending],
  ['post', 'enrol/sms', { phone: '+1' }, pending],
  ['post', 'enrol/email', {}, pending],
  ['post', 'enrol/verify', { ...code, label: 'Phone' }, pending],
  ['post', 'owner', { ticket: 't', username: 'new', password: 'right' }, {}],
  ['get', 'session', undefined, session],
  ['get', 'session', undefined, {}],
  ['post', 'session/code', { method: 'sms' }, session],
  ['post', 'session/renew', code, session],
  ['post', 'session/renew', code, { authorization: `Bearer ${tokens.session}` }],
  ['post', 'session/renew', { ...code, code: '222222' }, session],
  ['delete', 'session', undefined, session],
  ['get', 'account', undefined, session],
  ['post', 'account/app', code, session],
  ['post', 'account/app/verify', { code: '111111' }, session],
  ['post', 'account/code', { method: 'email' }, session],
  ...['sms', 'email'].flatMap((method) => [
    ['post', `account/${method}`, code, session] as const,
    ['post', `account/${method}/resend`, {}, session] as const,
    ['post', `account/${method}/verify`, { code: '111111' }, session] as const,
  ]),
  ['post', 'account/factors/{id}/remove', code, session],
  ['post', 'account/recovery', code, session],
  ['post', 'account/password', { current: 'old', next: 'new' }, session],
  ['delete', 'account/sessions/{id}', undefined, session],
  ['post', 'account/sign-out-everywhere', {}, session],
];

describe('the OpenAPI document', () => {
  let fixture: PortalFixture;
  let document: Document;
  before(async () => {
    fixture = await startPortal();
    document = (await fixture.call('GET', '/.sallyport/api/openapi.json')).json as unknown as Document;
  });
  after(() => fixture.close());

  const send = (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answer> =>
    fixture.call(method.toUpperCase(), `/.sallyport/api/v1/${path.replace('{id}', 'session-2')}`, {
      headers: { origin: fixture.origin, ...headers },
      ...(body === undefined ? {} : { body }),
    });

  for (const [method, path, body, headers] of samples) {
    it(`tells truly what ${method} ${path} takes and answers: ${JSON.stringify(body)}`, async () => {
      const described = document.paths[`/.sallyport/api/v1/${path}`]?.[method];
      assert.ok(described);
      const answer = await send(method, path, body, headers);
      const schema = described.requestBody?.content?.['application/json']?.schema;
      if (schema !== undefined) {
        const accepted = z.fromJSONSchema(schema).safeParse(body).success;
        assert.equal(accepted, answer.json.code !== 'invalid-request');
      }
      const response = described.responses[answer.status];
      assert.ok(response, `${answer.status} is not described`);
      if (answer.status === 204) return;
      const type = answer.headers['content-type'] ?? '';
      const shape =
        answer.status >= 400 ? document.components.schemas.Problem : response.content?.[type]?.schema;
      assert.ok(shape, type);
      const checked = z.fromJSONSchema(shape).safeParse(answer.json);
      assert.ok(checked.success, `${answer.text} ${checked.error}`);
    });
  }

  it('has an example here for every call it describes', () => {
    const shown = new Set(samples.map(([method, path]) => `${method} ${path}`));
    const missing = Object.entries(document.paths)
      .flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method} ${path.replace('/.sallyport/api/v1/', '')}`),
      )
      .filter((call) => !shown.has(call));
    assert.deepEqual(missing.sort(), []);
  });
});
