/** Whether two JSON values are equal: objects whatever the order of their keys, `0` and `-0` too. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  const [one, other] = [left as Fields, right as Fields];
  return names.every((name) => Object.hasOwn(other, name) && sameJson(one[name], other[name]));
}

type Fields = { readonly [name: string]: unknown };
