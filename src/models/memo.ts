/**
 * A function of one object that never changes, such as the settings of a market, that is worked out
 * once for each object and not in every cycle. Nothing is kept of objects that nobody else keeps.
 */
export function oncePer<Source extends WeakKey, Value>(
  workOut: (source: Source) => Value,
): (source: Source) => Value {
  const known = new WeakMap<Source, Value>();
  return (source) => {
    const before = known.get(source);
    if (before !== undefined) return before;
    const value = workOut(source);
    known.set(source, value);
    return value;
  };
}
