/** Holds every text that a person reads, in each language. */
export {};
