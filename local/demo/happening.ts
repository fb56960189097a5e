/** Who tells something in the demo; Drover's own words are those of its journal. */
export type Speaker =
  | "Auto Scaling"
  | "EC2"
  | "AWS Health"
  | "Systems Manager"
  | "the instance"
  | "Parameter Store"
  | "Secrets Manager"
  | "Nomad"
  | "Consul"
  | "Vault"
  | "the consumer"
  | "the demo";

/** Something that happened in the demo's cluster. */
export interface Happening {
  readonly at: Date;
  readonly who: Speaker;
  readonly text: string;
}

/** Hears what happens. */
export type Tell = (happening: Happening) => void;
