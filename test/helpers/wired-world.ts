import { onTestFinished } from "vitest";
import { createDocumentClient } from "../../lambdas/clients/aws/document-client.ts";
import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import type { Wiring } from "../../lambdas/runtime/wiring.ts";
import { startFaceWorld } from "../clients/aws-face-world.ts";
import { testConfig } from "./config.ts";
import { type Script, startScriptedServer } from "./scripted-server.ts";

/** Nomad, Consul and Vault behind one address, and secrets by name. */
export async function wiredWorld(
  script: Script,
  sections: (address: string) => Partial<ConfigInput>,
  secrets: Record<string, string>,
) {
  const { model, secrets: client, dynamoDb, clock } = await startFaceWorld();
  for (const [name, text] of Object.entries(secrets)) model.secrets.create(name, text);
  const server = await startScriptedServer(script);
  onTestFinished(() => server.close());
  const wiring: Wiring = {
    config: testConfig(sections(server.address)),
    clock,
    secrets: client,
    documents: createDocumentClient(dynamoDb),
    table: "nodes",
  };
  const calls = () => server.heard.map(({ method, url }) => `${method} ${url.pathname}`);
  return { wiring, heard: server.heard, calls, model };
}
