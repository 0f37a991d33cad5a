/** Every key begins with `cli.`; plural forms end in `_one` and `_other` and take `{{count}}`. */
export const cli = {} as const;
