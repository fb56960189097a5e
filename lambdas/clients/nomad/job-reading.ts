import * as z from "zod";

/** The fields of `GET /v1/job/:id` that decide; all others go into a run as they are. */
export const JobReading = z.looseObject({
  Type: z.string(),
  Stop: z.boolean().default(false),
  ParameterizedJob: z.looseObject({}).nullish(),
  Periodic: z.looseObject({}).nullish(),
  Constraints: z.array(z.unknown()).nullish(),
  TaskGroups: z.array(z.looseObject({})).nullish(),
});
export type JobBody = z.infer<typeof JobReading>;
