/** Every key begins with `pages.`; plural forms end in `_one` and `_other` and take `{{count}}`. */
export const pages = {} as const;
