import { auditOf, isAllowed, type UserQuestions, type VerifiedToken } from '../access/index.ts';
import {
  type DirectoryUser,
  defaultSubscription,
  type RdpWhitelist,
  subscriptionOf,
} from '../accounts/index.ts';
import type { Actor, Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Directories } from '../first-factors/index.ts';
import { isPasswordOnly, type SessionRecord, type Sessions } from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import {
  decideLogon,
  type LogonFacts,
  type LogonProtocol,
  type LogonReason,
  type LogonVerdict,
} from './decide-logon.ts';
import type { EarlierLogons } from './earlier-logons.ts';
import type { FoundPermit, LogonPermits, LogonPlace } from './logon-permits.ts';
import { foldServer, type RemoteDesktop } from './remote-desktop.ts';
import { isSameAddress } from './same-address.ts';

/** What a server asks. */
export type LogonQuestion = {
  /** As the server has it: perhaps `DOMAIN\user` or `user@domain`. */
  readonly user: string;
  readonly domain?: string | undefined;
  readonly server: string;
  readonly protocol: LogonProtocol;
  /** Where the user sits, as far as the server knows. */
  readonly clientAddress?: string | undefined;
  /** Whether a session of theirs still exists on that server. */
  readonly existing?: boolean | undefined;
};

/** Who asks. */
export type LogonAsker = Pick<VerifiedToken, 'id' | 'subscription'> & {
  /** The server's own. */
  readonly address: string;
};

export type LogonDecision = { readonly decision: 'allow' | 'deny'; readonly reason: LogonReason };

export type LogonChecksParts = {
  readonly directories: Pick<Directories, 'identify'>;
  readonly questions: Pick<UserQuestions, 'obligationOf'>;
  readonly whitelist: Pick<RdpWhitelist, 'spares'>;
  readonly sessions: Pick<Sessions, 'find' | 'listOf' | 'open' | 'stateOf'>;
  readonly settings: SettingsReader;
  readonly permits: Pick<LogonPermits, 'find' | 'take'>;
  readonly earlier: Pick<EarlierLogons, 'find' | 'remember'>;
  /** The applications of type `rdp` as they are now. */
  readonly desktops: () => readonly RemoteDesktop[];
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Audit;
};

/** All that a decision is made from, and what carrying it out takes. */
type Inquiry = {
  readonly facts: LogonFacts;
  readonly user?: DirectoryUser;
  readonly place?: LogonPlace;
  readonly permit?: FoundPermit | undefined;
  /** By what it may be let in. */
  readonly sessions?: {
    readonly earlier?: SessionRecord | undefined;
    readonly permit?: SessionRecord | undefined;
    readonly session?: SessionRecord | undefined;
  };
};

/** Answers application servers whether somebody may log on. All methods reject with `store-unavailable`. */
export class LogonChecks {
  readonly #parts: LogonChecksParts;

  constructor(parts: LogonChecksParts) {
    this.#parts = parts;
  }

  /** Decides, takes the permit, opens the 2FA session (granted becomes active), and writes down which. */
  async check(question: LogonQuestion, asker: LogonAsker): Promise<LogonDecision> {
    const inquiry = await this.#inquire(question, asker.subscription);
    const carried = await this.#carryOut(decideLogon(inquiry.facts), inquiry);
    const { user } = inquiry;
    const audit = auditOf(this.#parts.audit, user === undefined ? defaultSubscription : subscriptionOf(user));
    const actor: Actor = `token:${asker.id}`;
    const origin = { address: question.clientAddress ?? asker.address };
    const { session, first, application, ...decision } = carried;
    audit.record({
      type: 'logon.checked',
      result: decision.decision === 'allow' ? 'allowed' : 'refused',
      reason: decision.reason,
      ...(user === undefined ? {} : { user: user.key }),
      name: user?.name ?? question.user,
      server: foldServer(question.server),
      protocol: question.protocol,
      ...(session === undefined ? {} : { session }),
      actor,
      origin,
    });
    if (user !== undefined && session !== undefined && first === true) {
      audit.record({
        type: 'session.active',
        user: user.key,
        name: user.name,
        session,
        application: application ?? foldServer(question.server),
        origin,
      });
    }
    return decision;
  }

  /** What the answer would be, and by which rule. Takes, opens and writes nothing. */
  async explain(question: LogonQuestion, subscription?: string): Promise<LogonDecision> {
    const { decision, reason } = decideLogon((await this.#inquire(question, subscription)).facts);
    return { decision, reason };
  }

  async #carryOut(verdict: LogonVerdict, inquiry: Inquiry): Promise<Carried> {
    const { decision, reason } = verdict;
    const { place, permit, sessions } = inquiry;
    if (verdict.decision === 'deny' || verdict.by === undefined || place === undefined)
      return { decision, reason };
    const session = sessions?.[verdict.by];
    if (session === undefined) throw new TypeError(`nothing to let in by: ${verdict.by}`);
    if (
      verdict.by === 'permit' &&
      (permit === undefined || !(await this.#parts.permits.take(place, permit)))
    ) {
      return { decision: 'deny', reason: 'click-needed' };
    }
    const { subscription, user } = place;
    const opening = await this.#parts.sessions.open(
      { subscription, user, id: session.id },
      this.#parts.clock.now(),
    );
    // Revoked or over since it was read.
    if (opening.result === 'refused') return { decision: 'deny', reason: 'session-ended' };
    if (verdict.by !== 'earlier') await this.#parts.earlier.remember(place, session.id);
    const application = verdict.by === 'permit' ? permit?.application : undefined;
    return {
      decision,
      reason,
      session: session.id,
      first: opening.first,
      ...(application === undefined ? {} : { application }),
    };
  }

  async #inquire(question: LogonQuestion, subscription: string | undefined): Promise<Inquiry> {
    const { questions, whitelist, permits, earlier, settings } = this.#parts;
    const known = await this.#identify(question, subscription);
    if (!('key' in known)) return { facts: known };
    if (known.disabled) return { facts: { person: 'disabled' } };
    const home = subscriptionOf(known);
    const server = foldServer(question.server);
    const place = { subscription: home, user: known.key, server };
    const [obligation, whitelisted, permit, before] = await Promise.all([
      questions.obligationOf(known),
      whitelist.spares(home, known.key),
      permits.find(place),
      question.existing === true ? earlier.find(place) : undefined,
    ]);
    const current = settings.current(home);
    const wantsSession = current.rdpLogon === 'after-verification';
    const [ofPermit, ofEarlier, verified] = await Promise.all([
      permit && this.#valid(place, permit.session),
      before && this.#valid(place, before.session),
      wantsSession ? this.#verified(place, question.clientAddress) : undefined,
    ]);
    const facts: LogonFacts = {
      person: 'known',
      protocol: question.protocol,
      assigned: this.#isAssigned(known, server),
      obligation,
      settings: current,
      whitelisted,
      earlier: standing(before, ofEarlier),
      permit: standing(permit, ofPermit),
      session: verified === undefined ? 'none' : verified === 'elsewhere' ? 'elsewhere' : 'valid',
    };
    return {
      facts,
      user: known,
      place,
      permit,
      sessions: {
        earlier: ofEarlier,
        permit: ofPermit,
        session: typeof verified === 'object' ? verified : undefined,
      },
    };
  }

  async #identify(
    { user, domain }: LogonQuestion,
    subscription: string | undefined,
  ): Promise<DirectoryUser | Exclude<LogonFacts, { person: 'known' }>> {
    const typed = domain === undefined || domain === '' ? user : `${domain}\\${user}`;
    try {
      const found = await this.#parts.directories.identify(typed);
      if (found.result !== 'known') return { person: found.result };
      const foreign = subscription !== undefined && subscriptionOf(found.user) !== subscription;
      return foreign ? { person: 'unknown' } : found.user;
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'store-unavailable') throw error;
      return { person: 'directory-unavailable' };
    }
  }

  /** A server that no application names is for everybody: its own rules say for whom. */
  #isAssigned(user: DirectoryUser, server: string): boolean {
    const naming = this.#parts
      .desktops()
      .filter(({ servers }) => servers.some(({ name }) => foldServer(name) === server));
    return naming.length === 0 || naming.some(({ allow }) => isAllowed(allow, subscriptionOf(user), user));
  }

  /** The session, if it can still open something and was proven by a second factor. */
  async #valid({ subscription, user }: LogonPlace, id: string): Promise<SessionRecord | undefined> {
    const session = await this.#parts.sessions.find({ subscription, user, id });
    return session !== undefined && this.#isGood(session) ? session : undefined;
  }

  async #verified(
    place: LogonPlace,
    address: string | undefined,
  ): Promise<SessionRecord | 'elsewhere' | undefined> {
    const good = (await this.#parts.sessions.listOf(place)).filter((session) => this.#isGood(session));
    if (good.length === 0) return undefined;
    const here = good.filter((session) => address === undefined || isSameAddress(session.address, address));
    // One that is open already, so that no second clock begins without need.
    return here.find(({ state }) => state.name === 'active') ?? here[0] ?? 'elsewhere';
  }

  #isGood(session: SessionRecord): boolean {
    const { name } = this.#parts.sessions.stateOf(session);
    return (name === 'granted' || name === 'active') && !isPasswordOnly(session);
  }
}

type Carried = LogonDecision & {
  readonly session?: string;
  readonly first?: boolean;
  readonly application?: string;
};

const standing = (found: object | undefined, session: object | undefined): 'valid' | 'over' | 'none' =>
  found === undefined ? 'none' : session === undefined ? 'over' : 'valid';
