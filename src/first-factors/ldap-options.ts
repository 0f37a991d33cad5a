/** How directory servers are reached: the first healthy one of `urls` answers. */
export type LdapServerOptions = {
  /** `ldaps://host[:port]` or `ldap://host[:port]`, in the order of preference. */
  readonly urls: readonly string[];
  /** Upgrade `ldap://` connections before anything is said (RFC 4511 section 4.14). */
  readonly startTls: boolean;
  readonly tls: {
    /** PEM; absent: the authorities that the runtime trusts. */
    readonly ca?: string;
    readonly verify: boolean;
    /** The name in the servers' certificates, where it is not the one in `urls`. */
    readonly serverName?: string;
  };
  /** Milliseconds for one question, however many servers it takes. */
  readonly timeout: number;
  /** The account that this gateway looks people up with; absent: anonymous. */
  readonly account?: { readonly dn: string; readonly password: string };
};

/** One LDAP directory and where its people are. */
export type LdapOptions = LdapServerOptions & {
  /** The directory's name in user keys and on the enabled list. */
  readonly directory: string;
  readonly kind: 'active-directory' | 'openldap';
  /** People below it, at any depth, can sign in. */
  readonly baseDn: string;
  /** Groups below it count; absent: the whole domain for Active Directory, otherwise `baseDn`. */
  readonly groupBaseDn?: string;
  /** Only who matches this filter as well (RFC 4515). */
  readonly userFilter?: string;
  /** Names of attributes where a site has others than usual. */
  readonly attributes: { readonly name?: string; readonly email?: string };
  /** Other names that people know the directory by, such as `CORP` and `corp.example`. */
  readonly aliases: readonly string[];
  /** Failures after which the directory locks an account; absent: read from it. 0: never. */
  readonly lockoutThreshold?: number;
};
