/** The Auto Scaling group Drover is configured to look after. */
export const GROUP = "nomad-clients";
/** The secret with Drover's Nomad token. */
export const TOKEN_SECRET = "drover/nomad-token";
