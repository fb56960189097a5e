import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createConsulSurvey } from "../../../lambdas/clients/consul/create-consul-survey.ts";
import { NodeId } from "../../../lambdas/contracts/ids.ts";
import type { ConsulSurvey } from "../../../lambdas/domain/sweep/ports.ts";
import {
  type ConsulCluster,
  type ConsulTokenKind,
  consulOf,
  consulOperator,
} from "./consul-cluster.ts";

const denied = { name: "PortError", system: "consul", kind: "denied" };
const READS: Record<string, (survey: ConsulSurvey) => Promise<unknown>> = {
  entries: (survey) => survey.entries(),
  failed: (survey) => survey.failed(),
};

/** What is read of all nodes at once. */
export function consulSurveyContract(cluster: () => ConsulCluster): void {
  describe("lists", () => {
    const closers: (() => void)[] = [];
    afterEach(() => {
      for (const close of closers.splice(0)) close();
    });

    function surveyOf(token = cluster().managementToken): ConsulSurvey {
      const { address } = cluster();
      const survey = createConsulSurvey({
        address,
        token: async () => token || undefined,
        retry: { retries: 0 },
      });
      closers.push(survey.close);
      return survey;
    }

    async function start(name: string): Promise<void> {
      const token = await consulOf(cluster()).issueNodeToken(NodeId.parse(`node-${name}`), name);
      await cluster().startAgent({ name, token, meta: { rack: "r2" } });
      await cluster().until(
        async () => (await consulOf(cluster()).node(name))?.meta.rack === "r2",
        30,
      );
    }

    beforeAll(async () => {
      await start("survey-living");
      await start("survey-dying");
      await consulOf(cluster()).registerExternal({
        name: "survey-external",
        address: "10.0.0.7",
        meta: { instance_id: "i-00000000000005e4e" },
        services: [],
      });
      await consulOperator(cluster(), "PUT", "/v1/catalog/register", {
        Node: "survey-ill",
        Address: "10.0.0.8",
        Check: { CheckID: "disk", Name: "Disk", Status: "critical" },
      });
    }, 90_000);

    test("of the catalog tell each entry, what it says, and whether an agent made it", async () => {
      const entries = await surveyOf().entries();
      const named = (name: string) => entries.filter((entry) => entry.name === name);
      expect(named("survey-living")).toEqual([
        { name: "survey-living", hasAgent: true, meta: expect.objectContaining({ rack: "r2" }) },
      ]);
      expect(named("survey-external")).toMatchObject([
        { hasAgent: false, meta: { instance_id: "i-00000000000005e4e" } },
      ]);
      expect(named("survey-ill")).toMatchObject([{ hasAgent: false }]);
    });

    test("of the failed have those whom Serf gave up, and nobody for another check", async () => {
      const failed = async () => [...(await surveyOf().failed())];
      expect(await failed()).not.toContain("survey-dying");
      await cluster().killAgent("survey-dying");
      await cluster().until(async () => (await failed()).includes("survey-dying"), 30);
      expect(await failed()).not.toContain("survey-living");
      expect(await failed()).not.toContain("survey-ill");
      await cluster().resumeAgent("survey-dying");
      await cluster().until(async () => !(await failed()).includes("survey-dying"), 60);
    }, 120_000);

    test("are denied, not empty or short, to a token that may not read every node", async () => {
      const kinds = ["nothing", "some-nodes"] as const;
      const tokens = await Promise.all(kinds.map((kind) => cluster().createToken(kind)));
      for (const token of ["", ...tokens]) {
        for (const [name, read] of Object.entries(READS)) {
          await expect(read(surveyOf(token)), name).rejects.toMatchObject(denied);
        }
      }
    });

    test.each<ConsulTokenKind>(["reader", "drover"])(
      "are whole to a token of a %s",
      async (kind) => {
        const survey = surveyOf(await cluster().createToken(kind));
        const names = (await survey.entries()).map(({ name }) => name);
        expect(names).toEqual((await surveyOf().entries()).map(({ name }) => name));
        expect([...(await survey.failed())]).toEqual([...(await surveyOf().failed())]);
      },
    );

    test("tell who leads", async () => {
      expect(await surveyOf().leader()).toMatch(/^[\d.]+:\d+$/);
    });
  });
}
