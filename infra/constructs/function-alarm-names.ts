import {
  type AlarmName,
  FLOW_ALARMS,
  FUNCTION_ALARMS,
  type FunctionName,
} from "../../lambdas/contracts/names.ts";

const {
  deadlinePassed,
  nomadUnavailable,
  nomadTokenTooNarrow,
  hookLost,
  awsRefused,
  consulUnavailable,
  vaultUnavailable,
  joinAbandoned,
  joinBreakerOpen,
  introductionIntercepted,
  outcomeUntold,
  leftBehind,
} = FLOW_ALARMS;

/** What every function has: it is fed, it calls AWS, it cleans up, it says how its work ends. */
const EVERYWHERE = [...Object.values(FUNCTION_ALARMS), awsRefused, outcomeUntold, leftBehind];

/** Which function has which alarms: those whose metric it can write. */
export const FUNCTION_ALARM_NAMES: Readonly<Record<FunctionName, readonly AlarmName[]>> = {
  "drain-client": [
    ...EVERYWHERE,
    deadlinePassed,
    nomadUnavailable,
    nomadTokenTooNarrow,
    hookLost,
    consulUnavailable,
    vaultUnavailable,
  ],
  "join-client": [
    ...EVERYWHERE,
    joinAbandoned,
    joinBreakerOpen,
    introductionIntercepted,
    nomadUnavailable,
    hookLost,
    consulUnavailable,
    vaultUnavailable,
  ],
  // It purges the Nomad node of a machine that was withdrawn. Its tokens may come from Vault.
  "register-node": [...EVERYWHERE, nomadUnavailable, consulUnavailable, vaultUnavailable],
};
