/** Why a change has less effect than one may expect. */
export type WarningCode =
  | 'group-still-listed'
  | 'everyone-still-listed'
  | 'administrator'
  | 'exempt'
  | 'switched-off'
  | 'not-enrolled'
  | 'groups-unknown'
  | 'directory-unavailable'
  | 'gone'
  | 'method-off'
  | 'no-sender'
  | 'no-destination'
  | 'members-unknown';

/** Of how many, and of whom the first ten. `detail`: a group, a method. */
export type Warning = {
  readonly code: WarningCode;
  readonly count: number;
  readonly names: readonly string[];
  readonly detail?: string;
};

/** More names than this are not read by anybody. */
export const namesShown = 10;

/** Gathers the same warning about many as one. */
export class Warnings {
  readonly #found = new Map<string, { code: WarningCode; count: number; names: string[]; detail?: string }>();

  add(code: WarningCode, name: string, detail?: string): void {
    const key = `${code} ${detail ?? ''}`;
    const found = this.#found.get(key) ?? {
      code,
      count: 0,
      names: [],
      ...(detail === undefined ? {} : { detail }),
    };
    this.#found.set(key, found);
    found.count += 1;
    if (found.names.length < namesShown && name !== '') found.names.push(name);
  }

  get all(): readonly Warning[] {
    return [...this.#found.values()];
  }
}
