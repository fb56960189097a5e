import type { Pass } from "../pass.ts";

/** The lifecycle state in which an instance is on the way past the hooks of this work, without its `:Wait`. */
export function passageOf({ record }: Pass): "Pending" | "Terminating" {
  return record.flow === "join-client" ? "Pending" : "Terminating";
}
