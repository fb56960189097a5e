import { CURRENT, PENDING, type Secret } from "../aws/secrets-manager/secret.ts";
import { plusSeconds } from "../clock.ts";
import type { ModelCluster } from "../model-cluster.ts";
import type { ModelToken } from "../vault/tokens.ts";
import type { Moment, Moments } from "./moments.ts";
import type { Narrator } from "./narrator.ts";

const LOOK_SECONDS = 0.01;

/** What Drover's journal says, and nobody else does. */
const SAID: readonly (readonly [Moment, RegExp])[] = [
  ["tested", /^the new one works/],
  ["useSeen", /^its consumer uses the new one/],
  ["graced", /^waits: the one before lives on/],
  ["oldRevoked", /^revoked /],
];

/** What is watched of a rotation. */
export interface WatchedRotation {
  readonly secret: string;
  /** Of the token that is current at first. */
  readonly old: string;
  readonly moments: Moments;
}

/** Tells what becomes of a secret's versions and of Vault's tokens, from now on. */
export function watchRotation(
  cluster: ModelCluster,
  watched: WatchedRotation,
  narrator: Pick<Narrator, "tell">,
): void {
  watchVersions(cluster, watched, narrator);
  watchTokens(cluster, watched, narrator);
}

/** Notes what Drover's journal says. */
export function noteSaid(lines: readonly string[], moments: Moments, at: Date): void {
  for (const [moment, pattern] of SAID) {
    if (lines.some((line) => pattern.test(line))) moments.note(moment, at);
  }
}

function watchVersions(
  { aws: { clock, secrets } }: ModelCluster,
  { secret, moments }: WatchedRotation,
  narrator: Pick<Narrator, "tell">,
): void {
  let before = labelsOf(secrets.secret(secret));
  secrets.onChange((changed) => {
    if (changed.name !== secret) return;
    const at = clock.now();
    const now = labelsOf(changed);
    for (const [label, version] of now) {
      if (before.get(label) === version) continue;
      narrator.tell({ at, who: "Secrets Manager", text: `version ${version} is ${label}` });
      if (label === PENDING) moments.note("stored", at);
      if (label === CURRENT) moments.note("promoted", at);
    }
    before = now;
  });
}

function watchTokens(
  { aws: { clock }, vault }: ModelCluster,
  { old, moments }: WatchedRotation,
  narrator: Pick<Narrator, "tell">,
): void {
  const living = () => new Map(vault.liveTokens().map((token) => [token.accessor, token]));
  let before = living();
  const look = () => {
    const at = clock.now();
    const now = living();
    for (const [accessor, token] of now) {
      if (before.has(accessor)) continue;
      narrator.tell({ at: token.createdAt, who: "Vault", text: describe(token) });
    }
    for (const accessor of before.keys()) {
      if (now.has(accessor)) continue;
      narrator.tell({ at, who: "Vault", text: `the token with accessor ${accessor} is dead` });
      if (accessor === old) moments.note("oldDead", at);
    }
    before = now;
    clock.at(plusSeconds(at, LOOK_SECONDS), look);
  };
  look();
}

/** Which version bears each staging label. */
function labelsOf({ versions }: Secret): ReadonlyMap<string, string> {
  return new Map(
    versions.flatMap(({ id, stages }) => [...stages].map((label) => [label, id] as const)),
  );
}

function describe({ accessor, parent, role, path }: ModelToken): string {
  if (!role) return `let somebody in at ${path}: a token with accessor ${accessor}`;
  const kin = parent === undefined ? "an orphan" : "a child, which dies with its parent";
  return `made a token by role ${role}, ${kin}: accessor ${accessor}`;
}
