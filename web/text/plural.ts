/** A text with a count in it, which comes as the language writes numbers; or one that names no count. */
type Form = string | ((count: string) => string);
/** The form of a text for each kind of count that a language tells apart. */
type Forms = { readonly [form in Intl.LDMLPluralRule]?: Form } & { readonly other: Form };

/** Chooses the form for a count, as the language does. */
export function plural(language: string, count: number, forms: Forms): string {
  const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  return typeof form === 'string' ? form : form(new Intl.NumberFormat(language).format(count));
}

/** The same for a language that has two forms. */
export function oneOrOther(language: string): (count: number, one: Form, other: Form) => string {
  return (count, one, other) => plural(language, count, { one, other });
}
