/** Something that is asked from the server, in each of the states a person must be able to see. */
export type Loadable<T> =
  | { status: "idle" }
  | { status: "loading" }
  | { status: "ready"; value: T }
  | { status: "error"; error: unknown };

export const IDLE: Loadable<never> = { status: "idle" };
export const LOADING: Loadable<never> = { status: "loading" };

export function ready<T>(loadable: Loadable<T>): T | null {
  return loadable.status === "ready" ? loadable.value : null;
}

/** Ask, and tell every state that the question goes through; one that was given up says nothing more. */
export async function load<T>(
  ask: () => Promise<T>,
  set: (value: Loadable<T>) => void,
  signal?: AbortSignal,
): Promise<void> {
  set(LOADING);
  let next: Loadable<T>;
  try {
    next = { status: "ready", value: await ask() };
  } catch (error) {
    next = { status: "error", error };
  }
  if (!signal?.aborted) set(next);
}

/** The last answer of a function, kept while it is asked the same. */
export function latest<A extends unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let known: { args: A; result: R } | null = null;
  return (...args: A) => {
    if (!known?.args.every((value, i) => Object.is(value, args[i])))
      known = { args, result: compute(...args) };
    return known!.result;
  };
}
