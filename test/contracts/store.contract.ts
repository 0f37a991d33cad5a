import { describe } from 'node:test';
import { documentsContract } from './store-documents.contract.ts';
import type { StoreFactory } from './store-factory.ts';
import { listingContract } from './store-listing.contract.ts';
import { modelContract } from './store-model.contract.ts';
import { streamsContract } from './store-streams.contract.ts';
import { topicsContract } from './store-topics.contract.ts';

/** Everything that every implementation of `Store` promises. A new one only has to hand in its factory. */
export function storeContract(name: string, open: StoreFactory): void {
  describe(`${name} as a store`, () => {
    documentsContract(open);
    listingContract(open);
    streamsContract(open);
    topicsContract(open);
    modelContract(open);
  });
}
