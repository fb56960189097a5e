import type { VirtualClock } from "../../local/clock.ts";
import { PARENT_MOUNT } from "../../local/vault/rotation-setup.ts";
import type { AroundCall } from "./port-calls.ts";
import { consulToken, managementToken, nomadToken } from "./rotated-acl-tokens.ts";
import { rotatedCa } from "./rotated-ca.ts";
import { rotatedCertificate } from "./rotated-certificate.ts";
import { consulGossip, nomadGossip } from "./rotated-gossip.ts";
import { vaultSecretId, vaultTokenElsewhere } from "./rotated-in-vault.ts";
import type { RotatedThing } from "./rotated-thing.ts";

/** @param around stands around each request to its server. */
type MakeRotated = (clock: VirtualClock, around?: AroundCall) => RotatedThing;

export const ROTATED_THINGS = {
  "consul-token": consulToken,
  "nomad-token": nomadToken,
  "nomad-token for management": managementToken,
  "consul-gossip-key": consulGossip,
  "nomad-gossip-key": nomadGossip,
  "vault-secret-id": vaultSecretId,
  "vault-token of another Vault": vaultTokenElsewhere,
  "vault-certificate": rotatedCertificate,
  "vault-ca": (clock, around) => rotatedCa(clock, {}, around),
  "vault-ca that another one signs": (clock, around) =>
    rotatedCa(clock, { parent: { mount: PARENT_MOUNT } }, around),
} as const satisfies Readonly<Record<string, MakeRotated>>;
