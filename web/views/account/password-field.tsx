import { useState } from 'preact/hooks';
import { useLanguage } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { TextField } from '../common/text-field.tsx';

type Props = {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** `new`: password managers offer to make one. */
  readonly kind: 'current' | 'new';
  readonly autofocus?: boolean;
};

/** A field for a password, which can be shown. */
export function PasswordField({ label, value, onInput, kind, autofocus = false }: Props) {
  const { texts } = useLanguage();
  const [isShown, setShown] = useState(false);
  return (
    <TextField
      label={label}
      value={value}
      onInput={onInput}
      type={isShown ? 'text' : 'password'}
      name={kind === 'new' ? 'new-password' : 'password'}
      autocomplete={kind === 'new' ? 'new-password' : 'current-password'}
      autofocus={autofocus}
      required
    >
      <IconButton
        icon={isShown ? 'eye-closed' : 'eye'}
        label={isShown ? texts.entrance.hidePassword : texts.entrance.showPassword}
        onClick={() => setShown(!isShown)}
      />
    </TextField>
  );
}
