/** Pure: which node stands in which place, so that a node keeps its place while others come and go. */

/** Places grow in steps (4, 6, 8, 12, 16, 24, 32 …), because a step is when all may move. */
export function capacityFor(count) {
  let step = 4;
  while (step < count) step = Number.isInteger(Math.log2(step)) ? (step * 3) / 2 : (step * 4) / 3;
  return step;
}

/** The step below: when a capacity is in use, more slots than this have been taken. */
export function stepBelow(capacity) {
  let [step, below] = [4, 0];
  while (step < capacity) [step, below] = [capacityFor(step + 1), step];
  return below;
}

/**
 * Keep the slot of every id that had one; newcomers take the first free ones, in the order given.
 * @param {Map<string, number>} previous
 * @param {string[]} ids
 * @returns {Map<string, number>}
 */
export function assignSlots(previous, ids) {
  const slots = new Map();
  for (const id of ids) if (previous.has(id)) slots.set(id, previous.get(id));
  const taken = new Set(slots.values());
  let next = 0;
  for (const id of ids) {
    if (slots.has(id)) continue;
    while (taken.has(next)) next += 1;
    slots.set(id, next);
    taken.add(next);
  }
  return slots;
}

/**
 * Keep the slot of every id that had one; every newcomer takes the free place nearest to where it comes from.
 * @param {Map<string, number>} previous
 * @param {string[]} ids at most as many as there are places
 * @param {{x: number, y: number}[]} places by slot
 * @param {(id: string) => {x: number, y: number}} start where it comes from
 * @returns {Map<string, number>}
 */
export function nearestSlots(previous, ids, places, start) {
  const slots = new Map();
  for (const id of ids) if (previous.has(id)) slots.set(id, previous.get(id));
  const taken = new Set(slots.values());
  const free = places.map(({ x, y }, slot) => ({ x, y, slot })).filter(({ slot }) => !taken.has(slot));
  // Plain numbers in a row: thousands look through thousands.
  const [xs, ys] = [Float64Array.from(free, ({ x }) => x), Float64Array.from(free, ({ y }) => y)];
  for (const id of ids) {
    if (slots.has(id)) continue;
    const { x, y } = start(id);
    let best = 0;
    let shortest = Infinity;
    for (let index = 0; index < free.length; index += 1) {
      const dx = xs[index] - x;
      const dy = ys[index] - y;
      const way = dx * dx + dy * dy;
      if (way < shortest) {
        best = index;
        shortest = way;
      }
    }
    slots.set(id, free[best].slot);
    // The last one takes the place of the one that went.
    const last = free.pop();
    if (best < free.length) [free[best], xs[best], ys[best]] = [last, last.x, last.y];
  }
  return slots;
}

/** How many places the slots need: the highest one counts, gaps included. */
export function slotsNeeded(slots) {
  let highest = -1;
  for (const slot of slots.values()) highest = Math.max(highest, slot);
  return highest + 1;
}
