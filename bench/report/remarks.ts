/**
 * What is to be said of figures that numbers alone do not say: why a goal is missed, and what was tried. By the beginning of their
 * ids. Written by people who looked; a remark about a goal that is met is not printed.
 */
export const REMARKS: readonly { ids: RegExp; text: string }[] = [];
