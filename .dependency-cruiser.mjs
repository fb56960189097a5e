// The direction of design section 6: functions → runtime → clients → domain → contracts.
const layer = (name, from, notTo, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: notTo },
});

export default {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^aws-lambda$" },
    },
    layer(
      "contracts-know-nobody",
      "^lambdas/contracts/",
      "^(lambdas/(domain|clients|runtime|functions)|infra|local|bin|test)/",
      "Contracts are shared by everyone and know nobody.",
    ),
    layer(
      "domain-is-pure",
      "^lambdas/domain/",
      "^(lambdas/(clients|runtime|functions)|infra|local|bin|test)/|node_modules/(@aws-sdk|@middy|@aws-lambda-powertools|undici)|^(node:)?(fs|http|https|net|process|child_process)$",
      "The domain sees its ports and the contracts, nothing else.",
    ),
    layer(
      "clients-see-domain",
      "^lambdas/clients/",
      "^(lambdas/(runtime|functions)|infra|local|bin|test)/",
      "Clients implement the domain's ports.",
    ),
    layer(
      "runtime-below-functions",
      "^lambdas/runtime/",
      "^(lambdas/functions|infra|local|bin|test)/",
      "The runtime wires clients to flows.",
    ),
    layer(
      "functions-see-runtime",
      "^lambdas/functions/",
      "^(lambdas/clients|infra|local|bin|test)/",
      "A handler is a few lines over the runtime.",
    ),
    layer(
      "infra-sees-contracts",
      "^infra/",
      "^(lambdas/(domain|clients|runtime|functions)|local|test)/",
      "Infrastructure shares only the contracts with the code it deploys.",
    ),
    {
      name: "cli-sees-contracts-and-local",
      comment: "The CLI sees contracts, and local for the commands that run the local stack.",
      severity: "error",
      from: { path: "^bin/" },
      to: { path: "^(lambdas/(domain|clients|runtime|functions)|test)/" },
    },
    {
      name: "only-tests-and-bin-import-local",
      severity: "error",
      from: { pathNot: "^(local|test|bin)/" },
      to: { path: "^local/" },
    },
    {
      name: "nobody-imports-tests",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    parser: "swc",
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node"] },
  },
};
