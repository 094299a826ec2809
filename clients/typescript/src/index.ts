/**
 * A client of an elverum-calendar. `Calendar.api` is the whole API, typed from its description; the methods below read
 * lists and changes to their end.
 */

import createClient, { type Client } from "openapi-fetch";
import type { components, operations, paths } from "./schema.js";

export type { components, operations, paths } from "./schema.js";

export type Event = components["schemas"]["Event"];
export type Occurrence = components["schemas"]["Occurrence"];
export type ChangePage = components["schemas"]["ChangePage"];
export type Problem = components["schemas"]["Problem"];
export type EventQuery = NonNullable<operations["list_events"]["parameters"]["query"]>;
export type OccurrenceQuery = NonNullable<operations["list_occurrences"]["parameters"]["query"]>;

/** Seconds to wait after a refusal that does not say how long. */
const USUAL_WAIT = 5;
/** The longest time that a refusal is waited for, in seconds. */
const LONGEST_WAIT = 120;
/** Attempts of a request that is refused for a while. */
const ATTEMPTS = 4;

export interface Options {
  /** A key for a larger quota, or for the partner interface. Keep it out of web pages. */
  key?: string;
  /** What sends requests; the global `fetch` if absent. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A response that is no success. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    /** What the server says; absent if it is not the calendar that answers. */
    readonly problem?: Problem,
  ) {
    const details = problem?.errors?.map((it) => `${it.field}: ${it.detail}`) ?? [];
    super([`${status} ${problem?.title ?? ""}`.trim(), problem?.detail, ...details].filter(Boolean).join("; "));
    this.name = "ProblemError";
  }
}

/** Whether the calendar does not know a cursor, because it was restored or set up again: begin without it. */
export function isUnusableCursor(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 409;
}

export class Calendar {
  /** The whole API. */
  readonly api: Client<paths>;

  /** @param address the calendar's address, such as `https://kalender.example.no` */
  constructor(address: string, { key, fetch: send = fetch }: Options = {}) {
    this.api = createClient<paths>({
      baseUrl: address.replace(/\/$/, ""),
      headers: key ? { Authorization: `Bearer ${key}` } : {},
      fetch: (request) => patient(request, send),
    });
  }

  /** Returns the events that match, page by page as they are needed. With `fields`, others are absent. */
  async *events(query: EventQuery = {}): AsyncGenerator<Event> {
    yield* items<Event>(query.cursor, (cursor) =>
      unwrap(this.api.GET("/api/v1/events", { params: { query: { ...query, cursor } } })),
    );
  }

  /** Returns the dates of events that match, page by page as they are needed. */
  async *occurrences(query: OccurrenceQuery = {}): AsyncGenerator<Occurrence> {
    yield* items<Occurrence>(query.cursor, (cursor) =>
      unwrap(this.api.GET("/api/v1/occurrences", { params: { query: { ...query, cursor } } })),
    );
  }

  /**
   * Returns the pages of changes since a cursor, from the beginning without one, until there are no more. Keep `next` of the
   * last page for the next time.
   */
  async *changes(since?: string): AsyncGenerator<ChangePage> {
    for (;;) {
      const page: ChangePage = await unwrap(this.api.GET("/api/v1/changes", { params: { query: { since, limit: 1000 } } }));
      yield page;
      if (page.items.length === 0) return;
      since = page.next;
    }
  }
}

/** Returns the items of all pages. */
async function* items<T>(
  cursor: string | undefined,
  get: (cursor?: string) => Promise<{ items: unknown[]; next: string | null }>,
): AsyncGenerator<T> {
  for (;;) {
    const page = await get(cursor);
    yield* page.items as T[];
    if (page.next === null) return;
    cursor = page.next;
  }
}

/** Returns the body of a response, or throws a `ProblemError`. */
export async function unwrap<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  if (response.ok && data !== undefined) return data;
  const isProblem = typeof error === "object" && error !== null && "title" in error;
  throw new ProblemError(response.status, isProblem ? (error as Problem) : undefined);
}

/** Sends a request, and again after a refusal that is over after a while: 429 or 503. */
async function patient(request: Request, send: (request: Request) => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await send(request.clone());
    const isBusy = response.status === 429 || response.status === 503;
    const wait = Number(response.headers.get("Retry-After") ?? USUAL_WAIT);
    if (!isBusy || attempt === ATTEMPTS || !(wait <= LONGEST_WAIT)) return response;
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
}
