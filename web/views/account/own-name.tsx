/** The name, for password managers: they learn from it whose password the form has. */
export function OwnName({ name }: { readonly name: string }) {
  return (
    <input
      type="text"
      name="username"
      autocomplete="username"
      value={name}
      readOnly
      hidden
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}
