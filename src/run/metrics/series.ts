// One metric of a run as it was written, with every point. Pure.

/** One metric over the steps; all lists are equally long. */
export interface Series {
  step: number[];
  time: number[];
  values: number[];
}
