/** What `drover put-event --help` says beyond its options. */
export const PUT_EVENT_HELP = `
An event is only a hint: Drover looks at the instance before it does anything. It drains for a terminate
hook if Auto Scaling says that the instance leaves, for a Spot warning if it is a Spot instance, for a
Health event if EC2 has something scheduled for it; an alarm has it diagnosed. AWS's samples bear an
account of their own: with another one than Drover's nothing is done, so set that, too.

Events of source drover.node, which announce and withdraw nodes outside Auto Scaling, are put as they
are, and need only source, detail-type and detail: EventBridge adds the rest.

What no function would understand is refused, with the field that is wrong, and so is what comes too
late, such as a Spot warning of three minutes ago. With --no-check it is put all the same: it ends in
the dead-letter queue of its function, or of drain-client if none knows its kind.

Examples:
  a terminate hook
    drover put-event event.json --now --set account=111111111111 \\
      --set detail.EC2InstanceId=i-0123456789abcdef0
  a Spot warning: {"source": "aws.ec2", "detail-type": "EC2 Spot Instance Interruption Warning", …}
    drover put-event spot.json --now --set account=111111111111 \\
      --set detail.instance-id=i-0123456789abcdef0 --set detail.instance-action=stop
  a scheduled change: {"source": "aws.health", "detail-type": "AWS Health Event", …}
    drover put-event health.json --now --set account=111111111111 \\
      --set detail.affectedEntities.0.entityValue=i-0123456789abcdef0
  a status check alarm: {"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", …}
    drover put-event alarm.json --now --set account=111111111111 --set detail.state.value=ALARM \\
      --set detail.configuration.metrics.0.metricStat.metric.dimensions.InstanceId=i-0123456789abcdef0
  a node outside Auto Scaling
    drover put-event node.json --set detail.address=192.0.2.10
A rotation is asked for by drover rotate.`;
