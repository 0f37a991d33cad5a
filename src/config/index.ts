/** Reads the file and the environment, validates all of it, reports every error together, and freezes the result. */
export {};
