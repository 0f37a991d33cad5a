import type { CatalogueKey, TextParams } from '../catalogue/index.ts';

/** A command that can't do what it was asked; its text is in the catalogue. */
export class CommandFailure extends Error {
  readonly key: CatalogueKey;
  readonly params: TextParams;
  readonly exitCode: number;

  constructor(key: CatalogueKey, params: TextParams = {}, exitCode = 1) {
    super(key);
    this.name = 'CommandFailure';
    this.key = key;
    this.params = params;
    this.exitCode = exitCode;
  }
}
