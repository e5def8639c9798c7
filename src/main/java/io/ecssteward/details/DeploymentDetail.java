package io.ecssteward.details;

import io.ecssteward.ecs.LastDeployment;
import io.ecssteward.event.Arn;
import io.ecssteward.event.Event;

/** The last deployment of a service, and what it changed. */
final class DeploymentDetail implements Detail {

    private final DetailClients clients;

    DeploymentDetail(DetailClients clients) {
        this.clients = clients;
    }

    @Override
    public String name() {
        return "last-deployment";
    }

    @Override
    public String permissions() {
        return "ecs:DescribeServices, ecs:ListServiceDeployments, ecs:DescribeServiceRevisions and "
                + "ecs:DescribeTaskDefinition";
    }

    @Override
    public String setting() {
        return "STEWARD_DETAILS_DEPLOYMENTS";
    }

    /** All alerts of a service share one detail. */
    @Override
    public String identity(String alert) {
        return name();
    }

    /** The service that the event names, because the incident is about it. */
    @Override
    public Arn subject(Arn resource, Event event) {
        return event.account() == null || event.region() == null || event.cluster() == null || event.service() == null
                ? null
                : Arn.parse("arn:" + (resource == null ? "aws" : resource.partition()) + ":ecs:" + event.region() + ":"
                                + event.account() + ":service/" + event.cluster() + "/" + event.service())
                        .orElse(null);
    }

    @Override
    public String noSubjectAnswer() {
        return "This incident is not about a service, so it has no deployments.";
    }

    @Override
    public DetailResult find(Arn service, String cluster) {
        String clusterArn = service.text().replaceFirst(":service/[^/]*/[^/]*$", ":cluster/" + cluster);
        return DetailResult.found(
                String.join("\n", LastDeployment.lines(clients.ecs(service.region()), clusterArn, service.name())));
    }
}
