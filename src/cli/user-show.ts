import type { Command } from 'commander';
import { knownDestinations } from '../access/index.ts';
import { type DirectoryUser, isOpen, subscriptionOf } from '../accounts/index.ts';
import type { Rooms } from '../server/index.ts';
import type { SessionRecord } from '../sessions/index.ts';
import { type Context, withRooms } from './context.ts';
import { describeObligation } from './describe-obligation.ts';
import { findUser } from './find-users.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';

type Knowledge = Awaited<ReturnType<typeof know>>;

/** `user show`: everything an administrator may know of one user, and no secret. */
export function addUserShow(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('show')
    .description(text('cli.user.show.help'))
    .argument('<name>', text('cli.user.name'))
    .option('--json', text('cli.option.json'))
    .action((named: string, { json }: { json?: true }) =>
      withRooms(context, async (rooms) => {
        const known = await know(rooms, await findUser(rooms, named));
        if (json) return terminal.say(JSON.stringify(known, undefined, 2));
        for (const line of formatTable(rowsOf(context, known))) terminal.say(line);
      }),
    );
}

async function know(rooms: Rooms, user: DirectoryUser) {
  const { administration, known, questions, roles, sealer, sessions, throttle } = rooms;
  const { key, name, displayName, groups, groupsComplete, disabled } = user;
  const subscription = subscriptionOf(user);
  const { factors } = await administration.factors.read(subscription, key);
  const { codes, password } = await throttle.locks(subscription, key);
  const records = await sessions.listOf({ subscription, user: key });
  const [lastSignInAt] = await known.lastSignIns(subscription, [key]);
  return {
    name,
    displayName,
    key,
    ...(rooms.subscriptions.several ? { subscription } : {}),
    groups,
    groupsComplete,
    roles: (await roles.rolesOf(key)).map(({ role, subscription: place }) =>
      place === undefined ? role : `${role} (${place})`,
    ),
    disabled,
    obligation: await questions.obligationOf(user),
    apps: factors.apps.map(({ label, enrolledAt, lastUsedAt, drift }) => ({
      ...{ label, enrolledAt, lastUsedAt },
      // Seconds that its clock is ahead, as learned.
      drift: drift * 30,
    })),
    destinations: await knownDestinations({ ...rooms.administrationOf(subscription), sealer }, user, factors),
    lastSignInAt,
    recoveryCodesLeft: factors.recovery.filter(({ usedAt }) => usedAt === undefined).length,
    ticketRequired: factors.ticketHash !== undefined,
    bypassUntil: isOpen(factors.bypass, administration.clock.now()) ? factors.bypass.expiresAt : undefined,
    lockedUntil: { codes: momentOf(codes), password: momentOf(password) },
    sessions: records
      .filter((record) => ['granted', 'active'].includes(sessions.stateOf(record).name))
      .map((record) => describeSession(record, sessions.endsAt(record))),
  };
}

/** JSON has no infinity: `unlocked` is what a lock without an end waits for. */
const momentOf = (until: number | undefined): number | 'unlocked' | undefined =>
  until === Number.POSITIVE_INFINITY ? 'unlocked' : until;

const describeSession = ({ amr, verifiedAt, address, browser }: SessionRecord, endsAt: number) => ({
  amr,
  verifiedAt,
  endsAt,
  address,
  browser,
});

function rowsOf(context: Context, known: Knowledge): string[][] {
  const { text } = context;
  const { name, groups, groupsComplete, lockedUntil } = known;
  const states = [...known.roles, text(known.disabled ? 'cli.user.list.disabled' : 'cli.user.show.usable')];
  const locks = [
    lockOf(context, 'cli.user.show.locked-codes', lockedUntil.codes),
    lockOf(context, 'cli.user.show.locked-password', lockedUntil.password),
  ].filter((lock) => lock !== '');
  const enrolled = known.apps.map(({ label, enrolledAt }) =>
    text('cli.user.show.app', { label, since: formatTime(enrolledAt) }),
  );
  for (const { method, hint, enrolledAt, setByAdministrator } of known.destinations) {
    const words = [
      text(method === 'sms' ? 'cli.user.show.sms' : 'cli.user.show.email', { to: hint }),
      enrolledAt === undefined
        ? text('cli.user.show.not-proven')
        : text('cli.user.show.since', { since: formatTime(enrolledAt) }),
      ...(setByAdministrator ? [text('cli.user.show.set')] : []),
    ];
    enrolled.push(words.join(', '));
  }
  if (known.ticketRequired) enrolled.push(text('cli.user.show.ticket'));
  return [
    [text('cli.user.show.name'), name],
    [text('cli.user.show.display-name'), known.displayName],
    [text('cli.user.show.key'), known.key],
    [text('cli.user.show.state'), states.join(', ')],
    [
      text('cli.user.show.groups'),
      [groups.join(', '), groupsComplete ? '' : text('cli.user.show.groups-unknown')]
        .filter((part) => part !== '')
        .join('; '),
    ],
    [text('cli.user.show.two-factors'), describeObligation(context, name, known.obligation)],
    ...column(text('cli.user.show.enrolled'), enrolled, text('cli.user.show.nothing')),
    [text('cli.user.show.recovery'), String(known.recoveryCodesLeft)],
    [
      text('cli.user.show.last-sign-in'),
      known.lastSignInAt === undefined ? text('cli.user.show.never') : formatTime(known.lastSignInAt),
    ],
    ...(known.bypassUntil === undefined
      ? []
      : [
          [
            text('cli.user.show.bypass'),
            text('cli.user.show.bypass-out', { until: formatTime(known.bypassUntil) }),
          ],
        ]),
    ...column(text('cli.user.show.locked'), locks, text('cli.user.show.not-locked')),
    ...column(
      text('cli.user.show.sessions'),
      known.sessions.map(({ amr, verifiedAt, endsAt, address, browser }) =>
        text('cli.user.show.session', {
          methods: amr.join('+'),
          since: formatTime(verifiedAt),
          until: formatTime(endsAt),
          address,
          browser,
        }),
      ),
      text('cli.user.show.nothing'),
    ),
  ];
}

/** One row for each of several values, the first with its name. */
function column(name: string, values: readonly string[], none: string): string[][] {
  return (values.length === 0 ? [none] : values).map((value, index) => [index === 0 ? name : '', value]);
}

function lockOf(
  { text }: Context,
  key: 'cli.user.show.locked-codes' | 'cli.user.show.locked-password',
  until: number | 'unlocked' | undefined,
): string {
  if (until === undefined) return '';
  return text(key, { until: until === 'unlocked' ? text('cli.user.show.for-good') : formatTime(until) });
}
