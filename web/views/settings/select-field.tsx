import { useId } from 'preact/hooks';

type Props<T extends string> = {
  readonly label: string;
  readonly value: T;
  /** What can be chosen, and how it is called. */
  readonly options: { readonly [value in T]: string };
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
  readonly hint?: string;
};

/** A choice of one of several. */
export function SelectField<T extends string>({ label, value, options, onChange, disabled = false, hint }: Props<T>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
        onChange={({ currentTarget }) => onChange(currentTarget.value as T)}
      >
        {(Object.entries(options) as [T, string][]).map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
