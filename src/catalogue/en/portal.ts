/** Every key begins with `portal.`; plural forms end in `_one` and `_other` and take `{{count}}`. */
export const portal = {} as const;
