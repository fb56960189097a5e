import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { startModelVault } from "../clients/contract/vault-model.ts";
import { userDataContract } from "./user-data-contract.ts";
import { INSTANCE, Machine, missingTool, SCRIPT } from "./user-data-machine.ts";

const missing = missingTool();
if (missing) {
  it.skip(`NOT RUN: examples/user-data.sh, for want of ${missing} (apt-get install curl jq)`);
} else {
  // With a real OpenBao: test/e2e/user-data.test.ts.
  userDataContract("the model of Vault", startModelVault);
}

describe.skipIf(missing)("the user data, without Vault", () => {
  it("is good bash", () => {
    expect(spawnSync("bash", ["-n", SCRIPT]).status).toBe(0);
  });

  it("needs no token of anybody where it is given none", async () => {
    const machine = new Machine({ nodeName: INSTANCE });
    expect(await machine.boot()).toMatchObject({ status: 0 });
    expect(machine.json("consul/90-drover.json")).toEqual({
      node_name: INSTANCE,
      node_meta: { instance_id: INSTANCE },
    });
    expect(machine.read("data/client/intro_token.jwt")).toBeUndefined();
    expect(machine.hasStarted).toBe(true);
  });

  it("waits in the warm pool, and asks for nothing meanwhile", async () => {
    const machine = new Machine({ nodeName: INSTANCE });
    const states = ["Warmed:Stopped", "Warmed:Stopped"];
    const { status, printed } = await machine.boot({ states });
    expect(status).toBe(0);
    expect(printed.match(/state is Warmed:Stopped/g)).toHaveLength(2);
    const [waiting] = machine.commands.split("aws ssm get-parameter");
    expect(waiting?.match(/target-lifecycle-state/g)).toHaveLength(3);
  });

  it("looks again for an introduction that is not there yet, and tells in the end why", async () => {
    const machine = new Machine({ nodeName: INSTANCE }, "get-parameter");
    expect(await machine.boot({ patienceSeconds: 0 })).toEqual({
      status: 1,
      printed: "drover: there is no introduction: AccessDenied \n",
    });
    const late = new Machine({ nodeName: INSTANCE }, "get-parameter");
    expect(await late.boot()).toMatchObject({ status: 0 });
    expect(late.commands.match(/^aws ssm get-parameter/gm)).toHaveLength(2);
  });
});
