import { useApp, useLanguage } from '../common/context.ts';
import { SelectField } from './select-field.tsx';

/** How the page looks, and how one writes. It counts at once, in all tabs of this browser. */
export function AppearanceSection() {
  const { preferences } = useApp();
  const { texts } = useLanguage();
  const words = texts.settings;
  const { theme, language, fonts, sendKey } = preferences.value;
  return (
    <section>
      <h2>{words.appearance}</h2>
      <div class="pair">
        <SelectField
          label={words.theme}
          value={theme}
          options={words.themes}
          onChange={(chosen) => preferences.set({ theme: chosen })}
        />
        <SelectField
          label={words.language}
          value={language}
          options={words.languages}
          onChange={(chosen) => preferences.set({ language: chosen })}
        />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={fonts}
          onChange={({ currentTarget }) => preferences.set({ fonts: currentTarget.checked })}
        />
        {words.fonts}
      </label>
      <h2>{words.writing}</h2>
      <SelectField
        label={words.sendKey}
        value={sendKey}
        options={words.sendKeys}
        onChange={(chosen) => preferences.set({ sendKey: chosen })}
      />
    </section>
  );
}
