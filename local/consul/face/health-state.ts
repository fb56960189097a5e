import type { ModelCheck } from "../entry.ts";
import { type Call, Refusal, type Reply } from "./call.ts";
import { checkJson } from "./catalog-reads.ts";

/** What the filters mean that the model knows. */
const FILTERS: Readonly<Record<string, (check: ModelCheck) => boolean>> = {
  'ServiceID == ""': ({ serviceId }) => serviceId === "",
  'CheckID == "serfHealth"': ({ id }) => id === "serfHealth",
};

/** The checks of all nodes in a state, without those that the token may not read (1.8.7). */
export function checksInState({ model, caller, query, params: [state = ""] }: Call): Reply {
  const filter = query.get("filter");
  const fits = filter === null ? () => true : FILTERS[filter];
  if (!fits) throw new Refusal(501, `the model does not know the filter ${filter}`);
  const checks = model
    .nodes()
    .filter(({ name }) => model.access.mayNode(caller, "read", name))
    .flatMap((entry) =>
      [...entry.checks.values()]
        .filter((check) => (state === "any" || check.status === state) && fits(check))
        .filter(({ serviceId }) => {
          const service = entry.services.get(serviceId)?.name ?? "";
          return serviceId === "" || model.access.mayService(caller, "read", service);
        })
        .map((check) => checkJson(entry, check)),
    );
  return { value: checks, isRead: true };
}
