import type * as z from "zod";
import type { RotateConfig, Rotation } from "./rotate.ts";
import type { VaultConfig } from "./server.ts";

type Ca = Extract<Rotation, { kind: "vault-ca" }>;
type Certificate = Extract<Rotation, { kind: "vault-certificate" }>;

/** What is configured of rotations and of the Vault on which most of them are made. */
interface Configured {
  readonly rotate?: RotateConfig | undefined;
  readonly vault?: VaultConfig | undefined;
}

/** Whether two are made by the same secrets engine of the same server. */
function isOfSameEngine(one: Ca | Certificate, other: Ca | Certificate, own?: VaultConfig) {
  const engineOf = ({ mount, server = own }: Ca | Certificate) =>
    [server?.address.replace(/\/$/, ""), server?.namespace, mount].join(" ");
  return engineOf(one) === engineOf(other);
}

/** The rotations of the certificates that a CA issues; none of what is no CA. */
export function issuedBy(
  rotation: Rotation,
  { rotate, vault }: Configured,
): readonly Certificate[] {
  if (rotation.kind !== "vault-ca") return [];
  return (rotate?.of ?? []).filter(
    (each) => each.kind === "vault-certificate" && isOfSameEngine(rotation, each, vault),
  ) as Certificate[];
}

/** A CA waits twice until all of its certificates have been rotated. */
export function checkIssued(config: Configured, context: z.RefinementCtx): void {
  for (const [index, rotation] of (config.rotate?.of ?? []).entries()) {
    const certificates = issuedBy(rotation, config);
    const rarest = certificates.toSorted((a, b) => b.everySeconds - a.everySeconds)[0];
    const { graceSeconds = 0 } = "secret" in rotation ? rotation : {};
    if (!rarest || rotation.everySeconds > 2 * rarest.everySeconds + graceSeconds) continue;
    context.addIssue({
      code: "custom",
      path: ["rotate", "of", index, "everySeconds"],
      message:
        `must be longer than twice the everySeconds of ${rarest.name} (${rarest.everySeconds}), and graceSeconds: ` +
        "a CA is replaced when its certificates have been rotated twice. Raise it, or lower that",
    });
  }
}
