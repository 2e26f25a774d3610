import { useSession } from './context.ts';

type Props = { readonly picture: string | undefined; readonly presence?: string };

/** The picture of a person, with a mark for the presence. The name stands beside it, so screen readers skip it. */
export function Avatar({ picture, presence }: Props) {
  const session = useSession();
  return (
    <span class="avatar" data-presence={presence} aria-hidden="true">
      {picture !== undefined && <img src={session.pictureUrl(picture)} alt="" loading="lazy" decoding="async" />}
    </span>
  );
}
