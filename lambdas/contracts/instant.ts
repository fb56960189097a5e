import * as z from "zod";

/** A time, stored as text in ISO 8601 with milliseconds in UTC, so that text order is time order. */
export const Instant = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (at) => at.toISOString(),
});
