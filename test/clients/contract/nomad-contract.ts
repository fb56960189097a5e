import { afterAll, beforeAll, describe } from "vitest";
import { accessContract } from "./access-contract.ts";
import type { Cluster } from "./cluster.ts";
import { drainContract } from "./drain-contract.ts";
import { introductionContract } from "./introduction-contract.ts";
import { lossContract } from "./loss-contract.ts";
import { nodeContract } from "./node-contract.ts";
import { nomadAclTokenContract } from "./nomad-acl-token-contract.ts";
import { nomadKeysContract } from "./nomad-keys-contract.ts";
import { nomadVariableContract } from "./nomad-variable-contract.ts";
import { smokeContract } from "./smoke-contract.ts";
import { surveyContract } from "./survey-contract.ts";

/**
 * What Drover relies on in Nomad, as tests that a real Nomad and the model both have to pass. All go
 * through Drover's own client over HTTP.
 */
export function nomadContract(name: string, setup: () => Promise<Cluster>): void {
  describe(`Nomad contract: ${name}`, () => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await setup();
    }, 90_000);
    afterAll(() => cluster?.stop(), 60_000);

    nodeContract(() => cluster);
    accessContract(() => cluster);
    surveyContract(() => cluster);
    introductionContract(() => cluster);
    nomadAclTokenContract(() => cluster);
    nomadKeysContract(() => cluster);
    nomadVariableContract(() => cluster);
    smokeContract(() => cluster);
    drainContract(() => cluster);
    lossContract(() => cluster);
  });
}
