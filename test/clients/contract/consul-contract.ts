import { afterAll, beforeAll, describe } from "vitest";
import { consulAccessContract } from "./consul-access-contract.ts";
import { consulAclTokenContract } from "./consul-acl-token-contract.ts";
import { consulAgentContract } from "./consul-agent-contract.ts";
import { consulAgentTokenContract } from "./consul-agent-token-contract.ts";
import type { ConsulCluster } from "./consul-cluster.ts";
import { consulExternalContract } from "./consul-external-contract.ts";
import { consulGossipContract } from "./consul-gossip-contract.ts";
import { consulSurveyContract } from "./consul-survey-contract.ts";
import { consulTokenContract } from "./consul-token-contract.ts";

/**
 * What Drover relies on in Consul, as tests that a real Consul and the model both have to pass. All
 * go through Drover's own client over HTTP.
 */
export function consulContract(name: string, setup: () => Promise<ConsulCluster>): void {
  describe(`Consul contract: ${name}`, () => {
    let cluster: ConsulCluster;
    beforeAll(async () => {
      cluster = await setup();
    }, 90_000);
    afterAll(() => cluster?.stop(), 60_000);

    consulAccessContract(() => cluster);
    consulTokenContract(() => cluster);
    consulExternalContract(() => cluster);
    consulSurveyContract(() => cluster);
    consulAclTokenContract(() => cluster);
    consulAgentContract(() => cluster);
    consulAgentTokenContract(() => cluster);
    // The last: agents that are started with the first key don't join any more after it.
    consulGossipContract(() => cluster);
  });
}
