/** Who tells something in the demo; Drover's own words are those of its journal. */
export type Speaker =
  | "Auto Scaling"
  | "EC2"
  | "the instance"
  | "Parameter Store"
  | "Nomad"
  | "Consul"
  | "Vault";

/** Something that happened in the demo's cluster. */
export interface Happening {
  readonly at: Date;
  readonly who: Speaker;
  readonly text: string;
}
