// One file, since loading the CDK takes longer than all these checks together.
import "./automation-stack/alarms.ts";
import "./automation-stack/changes-of-aws.ts";
import "./automation-stack/function.ts";
import "./automation-stack/introduction.ts";
import "./automation-stack/least-privilege.ts";
import "./automation-stack/made-secrets.ts";
import "./automation-stack/nag.ts";
import "./automation-stack/policy-limits.ts";
import "./automation-stack/rotation.ts";
import "./automation-stack/secrets.ts";
import "./automation-stack/storage-and-bus.ts";
import "./automation-stack/triggers.ts";
import "./automation-stack/wrapped.ts";
import "./automation-stack/watch.ts";
