import { useLanguage, useSession } from '../common/context.ts';

/** Who is typing in a room. It keeps its height, so that nothing moves. */
export function TypingLine({ room }: { readonly room: number }) {
  const session = useSession();
  const { texts, times } = useLanguage();
  const typing = session.typing.people.value.get(room) ?? [];
  const names = typing.slice(0, 3).flatMap((id) => session.people.get(id).value.value?.display_name ?? []);
  return (
    <p class="typing" dir="auto">
      {names.length > 0 && texts.conversation.typing(times.names(names), typing.length)}
    </p>
  );
}
