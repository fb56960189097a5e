import type { Config } from "../config.ts";
import { watchedIn } from "./watched.ts";

/** CAs by which Drover itself knows servers. They change with a deployment alone. */
export interface OwnTrust {
  /** The fields of the configuration that name them. */
  readonly field: string;
  /** In PEM. */
  readonly ca: string;
}

/** Whom Drover itself trusts, as it is deployed; what several fields name is there once. */
export function ownTrust(config: Config): readonly OwnTrust[] {
  return watchedIn(config).flatMap((each) =>
    each.kind === "ca" ? [{ field: each.fields.join(", "), ca: each.pem }] : [],
  );
}
