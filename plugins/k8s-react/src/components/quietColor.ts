/**
 * The colour of what is said beside the main thing. The theme's secondary colour has too little contrast on cards and dialogs in
 * the dark; this one keeps at least 4.5:1 on every background of both themes.
 *
 * @public
 */
export const QUIET_COLOR =
  'color-mix(in srgb, var(--bui-fg-primary) 75%, transparent)';
