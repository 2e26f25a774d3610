import type { Static, TSchema } from 'typebox';

/** A type with its intersections made one and everything read-only: then equal types are identical. */
type Plain<T> = T extends object ? { readonly [K in keyof T]: Plain<T[K]> } : T;

/** True if the types are equal, optional fields included; being assignable to each other is not enough. */
type SameType<A, B> = (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : false;

/** Passes a schema through that has exactly this type. TypeScript refuses any other one. */
export function exactly<T>() {
  return <S extends TSchema>(
    schema: S,
    ..._problem: SameType<Static<S>, T> extends true ? [] : ['the schema and the type differ']
  ): S => schema;
}
