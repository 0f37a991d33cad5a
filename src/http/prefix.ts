/** Where everything of ours lives, on every host. */
export const prefix = '/.sallyport/';
