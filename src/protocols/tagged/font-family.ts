/**
 * The family of a font, as a pattern: letters and digits of any script with their marks, blanks and `-`, nothing that is
 * invisible, at most 40 characters.
 */
export const FONT_FAMILY = '^(?:(?!\\p{Default_Ignorable_Code_Point})[\\p{L}\\p{M}\\p{Nd} -]){1,40}$';
