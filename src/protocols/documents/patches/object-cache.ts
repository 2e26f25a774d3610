/** The same function, but it makes the value of an object once and keeps it for as long as the object is in use. */
export function cachedByObject<K extends WeakKey, V>(make: (object: K) => V): (object: K) => V {
  const made = new WeakMap<K, { readonly value: V }>();
  return (object) => {
    const known = made.get(object);
    if (known !== undefined) return known.value;
    const value = make(object);
    made.set(object, { value });
    return value;
  };
}
