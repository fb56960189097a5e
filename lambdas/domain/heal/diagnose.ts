import type { Pass } from "../pass.ts";
import { next, type Step } from "../step.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Signs } from "./signs.ts";
import { readConsul } from "./sources/read-consul.ts";
import { readChecks, readMachine } from "./sources/read-machine.ts";
import { readNomad } from "./sources/read-nomad.ts";
import { readSource } from "./sources/read-source.ts";
import { readSsm } from "./sources/read-ssm.ts";
import { verdictOf } from "./verdict.ts";

/** How wide the names of the sources are in the table. */
const NAME_WIDTH = 14;

/** Asks every source, comes to one verdict, and writes both down whenever that is another one. */
export const diagnose: Step = {
  name: "diagnose",
  async run(pass) {
    const { verdict, table } = await examine(pass);
    const { name, why, reach } = verdict;
    const told = reach ? `${name}: ${why}. ${reach}` : `${name}: ${why}`;
    if (pass.healing.told === told) return next;
    pass.saw(`${told}\n${table}`);
    pass.heal({ told });
    return next;
  },
};

/** What this pass has found. @throws when nothing was looked at yet. */
export function diagnosisOf({ diagnosis }: Pass): Diagnosis {
  if (!diagnosis) throw new Error("the node was not looked at in this pass");
  return diagnosis;
}

async function examine(pass: Pass): Promise<Diagnosis> {
  const no = "unknown" as const;
  const [machine, checks, ssm, nomad, consul] = await Promise.all([
    readSource(pass, readMachine, { machine: no }),
    readSource(pass, readChecks, { system: no, instance: no, attachedEbs: no }),
    readSource(pass, readSsm, { ssm: no }),
    readSource(pass, readNomad, { nomad: no, hasNewLeader: false }),
    readSource(pass, readConsul, { consul: no }),
  ]);
  const signs: Signs = {
    ...machine.signs,
    ...checks.signs,
    ...ssm.signs,
    ...nomad.signs,
    ...consul.signs,
  };
  const table = Object.entries({
    EC2: machine,
    "status checks": checks,
    "SSM agent": ssm,
    Nomad: nomad,
    Consul: consul,
  })
    .map(([source, { said }]) => `  ${source.padEnd(NAME_WIDTH)} ${said}`)
    .join("\n");
  pass.diagnosis = { signs, verdict: verdictOf(signs), table };
  return pass.diagnosis;
}
