import { type Call, Refusal, type Reply } from "./call.ts";
import { checkJson } from "./catalog-reads.ts";

/** The checks of the nodes themselves; the model knows no other filter. */
const NODE_CHECKS = 'ServiceID == ""';

/** The checks of all nodes in any state, without those that the token may not read (1.8.7). */
export function checksInState({ model, caller, query }: Call): Reply {
  const filter = query.get("filter");
  if (filter !== null && filter !== NODE_CHECKS) {
    throw new Refusal(501, `the model does not know the filter ${filter}`);
  }
  const checks = model
    .nodes()
    .filter(({ name }) => model.access.mayNode(caller, "read", name))
    .flatMap((entry) =>
      [...entry.checks.values()]
        .filter(({ serviceId }) => {
          if (serviceId === "") return true;
          const service = entry.services.get(serviceId)?.name ?? "";
          return filter === null && model.access.mayService(caller, "read", service);
        })
        .map((check) => checkJson(entry, check)),
    );
  return { value: checks, isRead: true };
}
