import { bestNode } from "../own-nodes.ts";
import type { Pass } from "../pass.ts";
import type { Reading, Signs } from "./signs.ts";
import { readConsul } from "./sources/read-consul.ts";
import { readChecks } from "./sources/read-machine.ts";
import { readSource } from "./sources/read-source.ts";

type NomadReading = Reading<Pick<Signs, "nomad">>;

/**
 * Whether nothing is wrong with the node any more for which it would be replaced. What could not be read leaves
 * that open. A silent SSM agent replaces no node.
 */
export async function isWell(pass: Pass): Promise<boolean> {
  const no = "unknown" as const;
  const [checks, nomad, consul] = await Promise.all([
    readSource(pass, readChecks, { system: no, instance: no, attachedEbs: no }),
    readSource(pass, readStatus, { nomad: no }),
    readSource(pass, readConsul, { consul: no }),
  ]);
  const { system, instance, attachedEbs } = checks.signs;
  const isSound = [system, instance, attachedEbs].every((c) => c !== "impaired" && c !== no);
  const isHeard = consul.signs.consul === "alive" || consul.signs.consul === "none";
  return isSound && isHeard && nomad.signs.nomad === "ready";
}

// What Nomad calls ready it has heard from: one that it called down stays so until then.
async function readStatus(pass: Pass): Promise<NomadReading> {
  const nomad = (await bestNode(pass))?.status ?? "missing";
  return { signs: { nomad }, said: nomad };
}
