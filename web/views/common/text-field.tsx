import { useEffect, useId, useRef } from 'preact/hooks';

type Props = {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'password';
  readonly autocomplete?: string;
  readonly autofocus?: boolean;
  readonly required?: boolean;
  readonly maxLength?: number;
};

/** A field of one line with its label. */
export function TextField({
  label,
  value,
  onInput,
  type = 'text',
  autofocus = false,
  autocomplete,
  required,
  maxLength,
}: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autofocus) input.current?.focus();
  }, []);
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={input}
        {...({ type } as { type: 'text' })}
        value={value}
        dir="auto"
        spellcheck={false}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
        {...(autocomplete !== undefined && { autocomplete })}
        {...(maxLength !== undefined && { maxLength })}
        required={required === true}
      />
    </p>
  );
}
