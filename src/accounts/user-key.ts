/** `directory:id`, the key of a user everywhere. `id` is the directory's immutable one. */
export const userKey = (directory: string, id: string): string => `${directory}:${id}`;

/** The directory that a user key belongs to; the whole text when it is none. */
export const directoryOf = (key: string): string => key.slice(0, Math.max(0, key.indexOf(':'))) || key;
