import { randomUUID } from 'node:crypto';
import type { DirectoryUser } from '../accounts/index.ts';
import { foldName, userKey } from '../accounts/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { activeDirectory, preferLogonName } from './active-directory.ts';
import type { FirstFactor, LockoutPolicy, PasswordVerdict } from './first-factor.ts';
import { resultCode } from './ldap-answer.ts';
import { isUntrusted, type LdapFinding, missingAliases, reasonOf } from './ldap-check.ts';
import { all, type LdapFilter } from './ldap-filter.ts';
import type { LdapGroups, LdapKind, LdapPerson } from './ldap-kind.ts';
import type { LdapOptions } from './ldap-options.ts';
import { changeLdapPassword, isEncrypted } from './ldap-password.ts';
import { type LdapSearch, searchWith } from './ldap-search.ts';
import { type LdapServerState, LdapServers } from './ldap-servers.ts';
import { openLdap } from './open-ldap.ts';

/** Longer names are nobody's: Active Directory's own limit on a userPrincipalName is 1,024. */
const longestName = 1_024;
/** Milliseconds and names: how long, and for how many, a look-up stands. Passwords are never checked against it. */
const lookUpKept = 1_000;
const lookUpsKept = 200;
/** Milliseconds: how long the lockout policy is remembered, and the window of a directory that doesn't say. */
const lockoutKept = 5 * 60_000;
const usualWindow = 30 * 60_000;
/** The groups of somebody for whom they were not looked up. */
const unasked: LdapGroups = { names: [], complete: false };
/** RFC 4511 appendix A: noSuchObject, insufficientAccessRights. */
const unreadable = new Set([32, 50]);

/** Users and passwords of an LDAP directory. Every method rejects with `directory-unavailable` when no server answers. */
export class LdapDirectory implements FirstFactor {
  readonly directory: string;
  readonly aliases: readonly string[];
  /**
   * Changes a password as its owner would. Rejects with `wrong-password`, `password-too-weak`, `password-unchanged`.
   * Absent where the connection isn't encrypted.
   */
  readonly changePassword?: (userKey: string, current: string, next: string) => Promise<void>;
  readonly #options: LdapOptions;
  readonly #clock: Clock;
  readonly #kind: LdapKind;
  readonly #servers: LdapServers;
  readonly #lookedUp = new Map<string, { at: number; user: Promise<DirectoryUser | undefined> }>();
  #lockout: { readonly at: number; readonly said?: LockoutPolicy } | undefined;

  constructor(options: LdapOptions, clock: Clock) {
    this.directory = options.directory;
    this.aliases = options.aliases;
    this.#options = options;
    this.#clock = clock;
    this.#kind = options.kind === 'active-directory' ? activeDirectory(options) : openLdap(options);
    this.#servers = new LdapServers(options, clock);
    if (isEncrypted(options)) this.changePassword = (...change) => this.#changePassword(...change);
  }

  get servers(): readonly LdapServerState[] {
    return this.#servers.states;
  }

  async verify(name: string, password: string): Promise<PasswordVerdict> {
    const person = await this.#ask((search) => this.#named(search, name));
    // An unknown name is asked like a known one: a bind that fails, in the same time.
    const dn = person?.dn ?? `CN=${randomUUID()},${this.#options.baseDn}`;
    const answer = await this.#servers.bind(dn, password);
    if (person === undefined) return { result: 'refused' };
    // `locked` is said to wrong passwords as well, so it must not tell anything.
    if (answer.result === 'refused' || (answer.result === 'restricted' && answer.by === 'locked')) {
      return { result: 'refused', user: this.#user(person, unasked) };
    }
    // Only now: for a wrong password nothing is asked that isn't asked for an unknown name.
    const user = await this.#ask((search) => this.#withGroups(search, person));
    if (answer.result === 'accepted') {
      return user.disabled
        ? { result: 'disabled', user }
        : { result: 'accepted', user, mustChangePassword: answer.mustChange };
    }
    switch (answer.by) {
      case 'password-expired':
        return { result: 'accepted', user, mustChangePassword: true };
      case 'disabled':
      case 'locked':
        return { result: 'disabled', user };
      default:
        return { result: 'disabled', user, because: answer.by };
    }
  }

  async find(key: string): Promise<DirectoryUser | undefined> {
    const filter = this.#kind.withId(key.slice(this.directory.length + 1));
    if (filter === undefined) return undefined;
    return this.#ask(async (search) => {
      const [person] = await this.#people(search, filter, 2);
      return person && this.#withGroups(search, person);
    });
  }

  /**
   * One sign-in asks several times who a name is: for a second the answer is the same. Without the groups, which are
   * unknown then: looking for them would take longer for a name that somebody has.
   */
  lookUp(name: string): Promise<DirectoryUser | undefined> {
    const now = this.#clock.monotonic();
    const kept = this.#lookedUp.get(name);
    if (kept !== undefined && now - kept.at < lookUpKept) return kept.user;
    const user = this.#ask(async (search) => {
      const person = await this.#named(search, name);
      return person && this.#user(person, unasked);
    });
    if (this.#lookedUp.size >= lookUpsKept) this.#lookedUp.clear();
    this.#lookedUp.set(name, { at: now, user });
    // A failure is not an answer.
    user.catch(() => this.#lookedUp.delete(name));
    return user;
  }

  /** People whose names begin so, for picking; without their groups. */
  async searchUsers(text: string, limit: number): Promise<readonly DirectoryUser[]> {
    if (text.trim() === '' || text.length > longestName) return [];
    return this.#ask(async (search) => {
      const people = await this.#people(search, this.#kind.matching(text.trim()), limit);
      return people.map((person) => this.#user(person, unasked));
    });
  }

  /** Names of groups that begin so, for picking. */
  async searchGroups(text: string, limit: number): Promise<readonly string[]> {
    if (text.trim() === '' || text.length > longestName) return [];
    return this.#ask((search) => this.#kind.groupsMatching(search, text.trim(), limit));
  }

  /** Read from the directory now and then, unless the site says it. */
  async lockout(): Promise<LockoutPolicy | undefined> {
    const now = this.#clock.monotonic();
    if (this.#lockout === undefined || now - this.#lockout.at >= lockoutKept) {
      const said = await this.#ask((search) => this.#kind.lockout(search));
      this.#lockout = { at: now, ...(said === undefined ? {} : { said }) };
    }
    const threshold = this.#options.lockoutThreshold ?? this.#lockout.said?.threshold ?? 0;
    if (threshold === 0) return undefined;
    // A minute more, for clocks that differ.
    return { threshold, window: (this.#lockout.said?.window ?? usualWindow) + 60_000 };
  }

  /** Tries everything that sign-ins will need, and says of each whether it works; without a server, of the servers alone. Never rejects. */
  async check(): Promise<readonly LdapFinding[]> {
    const findings: LdapFinding[] = [];
    for (const { url, failure } of await this.#servers.tryEach()) {
      const reason = failure === undefined ? {} : { reason: reasonOf(failure) };
      const trust = isUntrusted(failure) ? { untrusted: true as const } : {};
      findings.push({ about: 'server', ok: failure === undefined, subject: url, ...reason, ...trust });
    }
    // With no server to ask, every other answer would be the same failure under another name.
    if (findings.every(({ ok }) => !ok)) return findings;
    const { baseDn } = this.#options;
    await this.#try(findings, 'people', baseDn, async (search) => {
      const [somebody] = await this.#people(search, this.#kind.people, 1);
      if (somebody === undefined) return { ok: false };
      const { complete, names } = await this.#groups(search, somebody);
      findings.push({ about: 'groups', ok: complete, subject: `${somebody.name}: ${names.length}` });
      return { ok: true, subject: somebody.dn };
    });
    await this.#try(findings, 'alias', this.directory, async (search) => {
      const missing = missingAliases(this.#options, await this.#kind.ownNames(search));
      return missing.length === 0
        ? { ok: true, subject: this.aliases.join(', ') }
        : { ok: false, subject: missing.join(', ') };
    });
    await this.#try(findings, 'lockout', '0', async () => ({
      ok: true,
      subject: String((await this.lockout())?.threshold ?? 0),
    }));
    findings.push({ about: 'password-change', ok: isEncrypted(this.#options), subject: this.directory });
    return findings;
  }

  async #try(
    findings: LdapFinding[],
    about: LdapFinding['about'],
    subject: string,
    question: (search: LdapSearch) => Promise<{ ok: boolean; subject?: string }>,
  ): Promise<void> {
    try {
      findings.push({ about, subject, ...(await this.#ask(question)) });
    } catch (error) {
      findings.push({ about, ok: false, subject, reason: reasonOf(error) });
    }
  }

  /** Whether there is a group of exactly this name. */
  async hasGroup(name: string): Promise<boolean> {
    const found = await this.searchGroups(name, 50);
    return found.some((each) => foldName(each) === foldName(name));
  }

  async #changePassword(key: string, current: string, next: string): Promise<void> {
    if (next === current) throw new GatewayError('password-unchanged');
    const filter = this.#kind.withId(key.slice(this.directory.length + 1));
    const person = filter && (await this.#ask((search) => this.#people(search, filter, 2)))[0];
    if (person === undefined || current === '' || current.includes('\0'))
      throw new GatewayError('wrong-password');
    const change = { dn: person.dn, current, next };
    const { kind } = this.#options;
    const answer = await this.#servers.asUser(person.dn, current, async (client, accepted) => {
      await changeLdapPassword(client, kind, change);
      return accepted;
    });
    if (answer.result === 'accepted') return;
    // Whose password has expired can't sign in to change it: the gateway's account hands in the old one with the new.
    if (answer.result !== 'restricted' || answer.by !== 'password-expired')
      throw new GatewayError('wrong-password');
    await this.#servers.ask((client) => changeLdapPassword(client, kind, change));
  }

  close(): Promise<void> {
    return this.#servers.close();
  }

  #ask<Answer>(question: (search: LdapSearch) => Promise<Answer>): Promise<Answer> {
    return this.#servers.ask((client) => question(searchWith(client, this.#options.timeout)));
  }

  async #named(search: LdapSearch, name: string): Promise<LdapPerson | undefined> {
    const typed = name.trim();
    if (typed === '' || typed.length > longestName) return undefined;
    return preferLogonName(await this.#people(search, this.#kind.named(typed), 10), typed);
  }

  async #people(search: LdapSearch, filter: LdapFilter, limit: number): Promise<LdapPerson[]> {
    const { attributes, binary, people } = this.#kind;
    const { userFilter } = this.#options;
    const wanted = all(people, filter, ...(userFilter === undefined ? [] : [{ written: userFilter }]));
    const entries = await search(this.#options.baseDn, { filter: wanted, attributes, binary, limit });
    const now = this.#clock.now();
    return entries.flatMap((entry) => this.#kind.person(entry, now) ?? []);
  }

  async #withGroups(search: LdapSearch, person: LdapPerson): Promise<DirectoryUser> {
    return this.#user(person, await this.#groups(search, person));
  }

  /** Groups that may not be read leave membership unknown: whoever may be enabled counts as enabled. */
  async #groups(search: LdapSearch, person: LdapPerson): Promise<LdapGroups> {
    try {
      return await this.#kind.groupsOf(search, person);
    } catch (error) {
      if (!unreadable.has(resultCode(error) ?? -1)) throw error;
      return { names: [], complete: false };
    }
  }

  #user(person: LdapPerson, groups: LdapGroups): DirectoryUser {
    const { id, name, displayName, email, domain, disabled, createdAt } = person;
    // No number: whoever may write their own here would say where their codes go (decision 0022).
    return {
      key: userKey(this.directory, id),
      directory: this.directory,
      name,
      displayName,
      ...(email === undefined ? {} : { email }),
      ...(domain === undefined ? {} : { domain }),
      groups: groups.names,
      groupsComplete: groups.complete,
      disabled,
      ...(createdAt === undefined ? {} : { createdAt }),
    };
  }
}
