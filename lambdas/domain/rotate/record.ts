import type { RotationName } from "../../contracts/config/rotate.ts";
import type { RotationItem } from "../../contracts/rotation-item.ts";
import type { Standing } from "./kind.ts";

/** What Drover keeps of a rotation. The schema says what each field means. */
export type RotationRecord = Readonly<RotationItem>;
/** An attempt under way. */
export type Attempt = Readonly<NonNullable<RotationRecord["attempt"]>>;
/** What is known of a credential; nothing of it opens anything. */
export type Credential = Readonly<NonNullable<RotationRecord["current"]>>;
/** A machine that was told of what is current. */
export type Told = NonNullable<Attempt["told"]>[number];
/** What has become of that: with no result, nothing yet. */
export type Answer = Omit<Told, "consumers" | "nodeId" | "at">;

export function newRecord(name: RotationName, kind: string): RotationRecord {
  return { name, kind, version: 0 };
}

/** A credential as its record keeps it. */
export function credentialOf(version: string, standing: Standing): Credential {
  const { accessor, createdAt, expiresAt } = standing;
  return {
    version,
    accessor,
    ...(createdAt && { createdAt }),
    ...(expiresAt && { expiresAt }),
  };
}
