import type { FaultSchedule, PlannedFault } from "./schedule.ts";

/** Tells whether a schedule still shows what is looked for. */
export type StillFails = (schedule: FaultSchedule) => Promise<boolean>;

/**
 * A smaller schedule that still fails: as many faults as possible are left out, in halves, then in
 * smaller parts, then one by one (delta debugging); then the defects of the venue.
 * @param schedule must fail
 */
export async function shrink(
  schedule: FaultSchedule,
  stillFails: StillFails,
): Promise<FaultSchedule> {
  let faults = schedule.faults;
  let part = Math.ceil(faults.length / 2);
  while (part >= 1) {
    const smaller = await withoutSome(
      faults,
      part,
      (left) => stillFails({ ...schedule, faults: left }),
    );
    if (smaller.length < faults.length) faults = smaller;
    else if (part === 1) break;
    part = Math.min(Math.ceil(part / 2), Math.max(1, faults.length));
  }
  const tidy = { ...schedule, faults, quirks: [] };
  return schedule.quirks.length > 0 && await stillFails(tidy) ? tidy : { ...schedule, faults };
}

/** Leaves out every run of `size` faults without which it still fails. */
async function withoutSome(
  faults: readonly PlannedFault[],
  size: number,
  stillFails: (faults: readonly PlannedFault[]) => Promise<boolean>,
): Promise<readonly PlannedFault[]> {
  let kept = faults;
  for (let from = 0; from < kept.length;) {
    const left = kept.toSpliced(from, size);
    if (await stillFails(left)) kept = left;
    else from += size;
  }
  return kept;
}
