import { z } from 'zod';
import { setting } from './setting.ts';
import { line } from './values.ts';

/** A host name, an IPv4 address, or an IPv6 address in brackets, and perhaps a port. */
const addressForm =
  /^(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::(?<port>\d{1,5}))?$/;
const usualPort = 3389;

const remedy = 'Write it like ts1.corp.example or ts1.corp.example:3389.';
const allowed = 'a host name or an address, and perhaps a port';

/** `host:port`, the port filled in. */
const desktopAddress = z
  .string()
  .max(300)
  .superRefine((text, context) => {
    const port = addressForm.exec(text)?.groups?.port ?? usualPort;
    const right = addressForm.test(text) && Number(port) >= 1 && Number(port) <= 65_535;
    if (!right) context.addIssue({ code: 'custom', message: 'This is no host and port.' });
  })
  .transform((text) => {
    const { host = '', port = usualPort } = addressForm.exec(text)?.groups ?? {};
    return `${host.toLowerCase()}:${Number(port)}`;
  });

const serverName = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'This is no name of a server.')
  .transform((text) => text.toLowerCase());

const address = setting(desktopAddress, {
  description: 'Where RDP clients connect to. The port is 3389 unless said.',
  allowed,
  remedy,
  example: 'ts1.corp.example:3389',
});

const server = setting(
  z.union([
    address,
    z.strictObject({
      address,
      name: setting(serverName.exactOptional(), {
        description: 'What its agent calls it, and its API token is bound to.',
        allowed: 'letters, digits, dots, hyphens and underscores',
        defaultsTo: 'the host of `address`',
        example: 'ts1.corp.example',
      }),
    }),
  ]),
  { description: 'A server: its address, or a map with address and name.', allowed, remedy },
);

/** What goes into a line of a file that clients read: nothing that could begin another. */
const field = (longest: number) => line(longest).refine((text) => text.isWellFormed(), 'This is not text.');

/** The parts of an application of type `rdp` that one of type `web` has not, or has otherwise. */
export const remoteDesktopParts = {
  type: setting(z.literal('rdp'), {
    description:
      '`web`: the gateway carries it. `rdp`: a server that people reach with an RDP client; its card in the launcher permits the logon and hands over a `.rdp` file. An `rdp` application has `name`, `title`, `type`, `servers`, `allow`, `domain` and `remoteApp`, nothing else.',
    allowed: 'web, rdp',
    defaultsTo: '`web`',
  }),
  servers: setting(z.array(server).min(1).max(100), {
    description: 'The servers, each with a card of its own.',
    allowed: 'a list of at least one host:port',
    remedy: 'Name at least one server, like ts1.corp.example:3389.',
    example: ['ts1.corp.example:3389'],
  }),
  domain: setting(
    field(255)
      .regex(/^[^\\@]+$/, 'A domain has no backslash and no @.')
      .exactOptional(),
    {
      description:
        "Only with `type: rdp`: what stands before the user's name in the file, as in `CORP\\alice`.",
      allowed: 'the name of a domain',
      defaultsTo: 'the name alone',
      example: 'CORP',
    },
  ),
  remoteApp: setting(
    z
      .strictObject({
        program: setting(field(260), {
          description: 'The alias of a published program, or its path on the server.',
          allowed: 'text on one line',
          example: '||accounting',
        }),
        name: setting(field(64), {
          description: 'What the window of the client is called.',
          allowed: '1 to 64 characters on one line',
          example: 'Accounting',
        }),
      })
      .exactOptional(),
    { description: 'Only with `type: rdp`: one program in place of the whole desktop.' },
  ),
};
