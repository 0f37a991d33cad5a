/** Puts the rooms together: composition root, listeners, shutdown, reload. */
export {};
