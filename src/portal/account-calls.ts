import type { OwnDestination } from '../access/index.ts';
import { GatewayError } from '../errors.ts';
import { qrSvg } from '../second-factors/index.ts';
import {
  type AccountAnswer,
  accountAnswer,
  addedFactorAnswer,
  appSetupAnswer,
  recoveryCodesAnswer,
} from './answers.ts';
import { type ApiCall, sessionCall } from './api-call.ts';
import { addedAppBody, changePasswordBody, emptyBody, verifyBody } from './bodies.ts';
import { codeProblems } from './code-problems.ts';
import type { PortalAccount, PortalSessions } from './contracts.ts';
import { describeState, moment } from './describe-session.ts';

type AccountCallOptions = {
  readonly account: PortalAccount;
  readonly sessions: PortalSessions;
  /** `Set-Cookie` values that make a browser forget the session. */
  readonly forget: readonly string[];
};

const proofProblems = [...codeProblems, 'locked', 'method-not-available'] as const;

/** What somebody signed in sees and changes of their own account. Changes to factors carry a code typed now. */
export function accountCalls({ account, sessions, forget }: AccountCallOptions): readonly ApiCall[] {
  return [
    sessionCall({
      method: 'get',
      path: 'api/v1/account',
      summary: "The caller's factors, recovery codes and live 2FA sessions.",
      answer: { status: 200, schema: accountAnswer },
      problems: [],
      async handle({ session }) {
        const [own, live] = await Promise.all([account.factors(session), sessions.list(session)]);
        const { name, displayName, directory } = session.user;
        const body: AccountAnswer = {
          user: { name, displayName, directory },
          apps: own.apps.map(({ enrolledAt, lastUsedAt, ...app }) => ({
            ...app,
            enrolledAt: moment(enrolledAt),
            ...(lastUsedAt === undefined ? {} : { lastUsedAt: moment(lastUsedAt) }),
          })),
          ...(own.phone === undefined ? {} : { phone: describeDestination(own.phone) }),
          ...(own.email === undefined ? {} : { email: describeDestination(own.email) }),
          addable: [...own.addable],
          recoveryCodes: own.recoveryCodes,
          methods: [...own.methods],
          canChangePassword: own.canChangePassword,
          sessions: live.map((each) => ({
            id: each.id,
            current: each.id === session.id,
            ...describeState(each, sessions),
            address: each.address,
            browser: each.browser,
            amr: [...each.amr],
          })),
        };
        return { body };
      },
    }),
    sessionCall({
      method: 'post',
      path: 'api/v1/account/app',
      summary: 'Makes the key of a further authenticator app.',
      body: verifyBody,
      answer: { status: 200, schema: appSetupAnswer },
      problems: proofProblems,
      async handle({ body, session, visitor }) {
        const setup = await account.beginApp(session, body, visitor);
        return { body: { ...setup, qrSvg: qrSvg(setup.uri) } };
      },
    }),
    sessionCall({
      method: 'post',
      path: 'api/v1/account/app/verify',
      summary: 'Proves the further app by its own code, and adds it.',
      body: addedAppBody,
      answer: { status: 200, schema: addedFactorAnswer },
      problems: [...proofProblems, 'wrong-step'],
      async handle({ body: { code, label }, session, visitor }) {
        const proof = label === undefined ? { code } : { code, label };
        return { body: await account.confirmApp(session, proof, visitor) };
      },
    }),
    sessionCall({
      method: 'post',
      path: 'api/v1/account/factors/:id/remove',
      summary: 'Removes an app, number or address; never the last one of a user who needs one.',
      body: verifyBody,
      answer: { status: 204 },
      problems: [...proofProblems, 'last-factor', 'not-found'],
      async handle({ body, params, session, visitor }) {
        await account.removeFactor(session, params.id ?? '', body, visitor);
        return {};
      },
    }),
    sessionCall({
      method: 'post',
      path: 'api/v1/account/recovery',
      summary: 'Replaces the recovery codes; the old ones are void.',
      body: verifyBody,
      answer: { status: 200, schema: recoveryCodesAnswer },
      problems: proofProblems,
      async handle({ body, session, visitor }) {
        return { body: { recoveryCodes: await account.renewRecoveryCodes(session, body, visitor) } };
      },
    }),
    sessionCall({
      method: 'post',
      path: 'api/v1/account/password',
      summary: 'Changes the password of a local account.',
      body: changePasswordBody,
      answer: { status: 204 },
      problems: [
        'wrong-password',
        'password-too-weak',
        'password-unchanged',
        'locked',
        'method-not-available',
      ],
      async handle({ body, session, visitor }) {
        await account.changePassword(session, body.current, body.next, visitor);
        return {};
      },
    }),
    sessionCall({
      method: 'delete',
      path: 'api/v1/account/sessions/:id',
      summary: "Ends one of the caller's 2FA sessions and its remote sessions.",
      answer: { status: 204 },
      problems: ['not-found'],
      async handle({ params, session, deliver }) {
        const wanted = (await sessions.list(session)).find((each) => each.id === params.id);
        if (wanted === undefined) throw new GatewayError('not-found');
        await sessions.revoke(wanted, 'sign-out');
        return { cookies: wanted.id === session.id && deliver === 'cookie' ? forget : [] };
      },
    }),
    sessionCall({
      method: 'post',
      path: 'api/v1/account/sign-out-everywhere',
      summary: "Ends all of the caller's 2FA sessions, and forgets their known devices.",
      body: emptyBody,
      answer: { status: 204 },
      problems: [],
      async handle({ session, deliver }) {
        await account.signOutEverywhere(session);
        return { cookies: deliver === 'cookie' ? forget : [] };
      },
    }),
  ];
}

const describeDestination = ({ enrolledAt, lastUsedAt, ...destination }: OwnDestination) => ({
  ...destination,
  enrolledAt: moment(enrolledAt),
  ...(lastUsedAt === undefined ? {} : { lastUsedAt: moment(lastUsedAt) }),
});
