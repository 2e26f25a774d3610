/** The form of a text that a count takes in a language. */
export type Forms = { readonly [form in Intl.LDMLPluralRule]?: string } & { readonly other: string };

/** Chooses the form for a count, as the language does. */
export function plural(language: string, count: number, forms: Forms): string {
  return forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
}
