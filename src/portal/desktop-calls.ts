import { permitAnswer } from './answers.ts';
import { type ApiCall, sessionCall } from './api-call.ts';
import { permitBody } from './bodies.ts';
import type { PortalDesktops } from './contracts.ts';
import { moment } from './describe-session.ts';

/** The cards of remote desktops that people reach with a client of their own. */
export const desktopCalls = (desktops: PortalDesktops): readonly ApiCall[] => [
  sessionCall({
    method: 'post',
    path: 'api/v1/rdp/permit',
    summary:
      'Permits one logon of the caller on a server within two minutes, and gives the file for their client.',
    body: permitBody,
    answer: { status: 200, schema: permitAnswer },
    problems: ['not-found', 'not-assigned', 'sign-in-required'],
    async handle({ body, session, visitor }) {
      const { address, browser } = visitor;
      const { until, file, fileName } = await desktops.click(
        session,
        body,
        browser === undefined ? { address } : { address, browser },
      );
      return {
        body: {
          ...(until === undefined ? {} : { until: moment(until) }),
          fileName,
          file: Buffer.from(file).toString('base64'),
        },
      };
    },
  }),
];
