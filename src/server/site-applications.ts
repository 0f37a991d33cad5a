import type { Log } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { StoredApplications } from '../settings/index.ts';
import { applicationsOf, type SiteApplication } from './applications.ts';

/** The configuration as far as origins follow from it. */
type Origins = Pick<Config, 'publicUrl' | 'applications'>;

/**
 * The applications in force: those of the file, the demonstration, and those of the store that none of them stands in
 * the way of, each server drained as administrators want it now.
 */
export class SiteApplications {
  readonly #stored: Pick<StoredApplications, 'inForce' | 'isDrained'>;
  readonly #log: Pick<Log, 'error'>;
  readonly #demo: SiteApplication | undefined;
  #config: Origins & Pick<Config, 'demo'>;
  #file: readonly SiteApplication[];
  #current: readonly SiteApplication[] = [];
  #origins: Origins;
  #named: ReadonlyMap<string, SiteApplication> = new Map();

  /** Throws `authority-unusable`. */
  constructor(options: {
    config: Origins & Pick<Config, 'demo'>;
    stored: Pick<StoredApplications, 'inForce' | 'isDrained'>;
    demo: SiteApplication | undefined;
    log: Pick<Log, 'error'>;
  }) {
    this.#stored = options.stored;
    this.#log = options.log;
    this.#demo = options.demo;
    this.#config = options.config;
    this.#origins = options.config;
    this.#file = applicationsOf(options.config);
    this.refresh();
  }

  find(name: string): SiteApplication | undefined {
    return this.#named.get(name);
  }

  get current(): readonly SiteApplication[] {
    return this.#current;
  }

  /** Another object whenever something of it has changed. */
  get origins(): Origins {
    return this.#origins;
  }

  /** Takes over those of a changed file. Throws `authority-unusable`; then everything stays as it was. */
  reload(config: Origins & Pick<Config, 'demo'>): void {
    this.#file = applicationsOf(config);
    this.#config = config;
    this.refresh();
  }

  /** Takes over what is stored now. */
  refresh(): void {
    const stored = this.#stored.inForce();
    const added = stored.flatMap((application) => {
      try {
        return applicationsOf({ applications: [application] });
      } catch (error) {
        this.#log.error({ error, application: application.name }, 'a stored application cannot be used');
        return [];
      }
    });
    const replaced = added.some(({ host, path }) => host === undefined && path === '/');
    const demo = this.#demo !== undefined && this.#config.demo && !replaced ? [this.#demo] : [];
    this.#current = [...this.#file, ...demo, ...added].map((application) => this.#drained(application));
    this.#named = new Map(this.#current.map((application) => [application.name, application]));
    this.#origins = {
      publicUrl: this.#config.publicUrl,
      applications: [...this.#config.applications, ...stored],
    };
  }

  #drained(application: SiteApplication): SiteApplication {
    const servers = application.servers.map((server) => {
      const configured = server.drain === true;
      const drain = this.#stored.isDrained(application.name, server.url, configured);
      return drain === configured ? server : { ...server, drain };
    });
    return { ...application, servers };
  }
}
