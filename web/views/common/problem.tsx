/** Says what has failed, where it has failed. */
export function Problem({ text }: { readonly text: string | null }) {
  if (text === null) return null;
  return (
    <p class="problem" role="alert" dir="auto">
      {text}
    </p>
  );
}
