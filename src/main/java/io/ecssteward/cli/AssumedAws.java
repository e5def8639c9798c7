package io.ecssteward.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.EcsServiceClientConfiguration;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DeploymentController;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * What AWS would probably say, for replaying events without AWS: every service exists and is active, with a desired count
 * of {@value #DESIRED}, every cluster has {@value #INSTANCES} instances, and every agent is disconnected.
 */
final class AssumedAws {
    private AssumedAws() {}

    static final int DESIRED = 2;
    static final int INSTANCES = 3;

    private static final String ACTIVE = "ACTIVE";

    /** Says so, in words for people. */
    static String inWords() {
        return "ECS is not asked: every service is taken to be active with " + DESIRED + " tasks, every cluster to have "
                + INSTANCES + " instances, and an agent that disconnected to stay so.";
    }

    /** ECS, which remembers the desired counts it is given. */
    static final class Ecs implements EcsClient {
        private final Map<String, Integer> desired = new ConcurrentHashMap<>();

        void forget() {
            desired.clear();
        }

        /** Of no region, so that events from everywhere can be replayed. */
        @Override
        public EcsServiceClientConfiguration serviceClientConfiguration() {
            return EcsServiceClientConfiguration.builder().build();
        }

        @Override
        public UpdateServiceResponse updateService(UpdateServiceRequest request) {
            if (request.desiredCount() != null) {
                desired.put(request.cluster() + "/" + request.service(), request.desiredCount());
            }
            return UpdateServiceResponse.builder().build();
        }

        @Override
        public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
            return DescribeServicesResponse.builder()
                    .services(request.services().stream()
                            .map(name -> Service.builder()
                                    .serviceName(name)
                                    .status(ACTIVE)
                                    .schedulingStrategy(SchedulingStrategy.REPLICA)
                                    .deploymentController(DeploymentController.builder()
                                            .type(DeploymentControllerType.ECS)
                                            .build())
                                    .desiredCount(desired.getOrDefault(request.cluster() + "/" + name, DESIRED))
                                    .build())
                            .toList())
                    .build();
        }

        @Override
        public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
            return DescribeClustersResponse.builder()
                    .clusters(request.clusters().stream()
                            .map(name -> Cluster.builder()
                                    .clusterName(name)
                                    .status(ACTIVE)
                                    .registeredContainerInstancesCount(INSTANCES)
                                    .build())
                            .toList())
                    .build();
        }

        @Override
        public DescribeContainerInstancesResponse describeContainerInstances(DescribeContainerInstancesRequest request) {
            return DescribeContainerInstancesResponse.builder()
                    .containerInstances(request.containerInstances().stream()
                            .map(arn -> ContainerInstance.builder()
                                    .containerInstanceArn(arn)
                                    .status(ACTIVE)
                                    .agentConnected(false)
                                    .build())
                            .toList())
                    .build();
        }

        @Override
        public String serviceName() {
            return "ecs";
        }

        @Override
        public void close() {}
    }

    /** SQS, which keeps what is sent to the queue of the events for {@link #taken()}. */
    static final class Sqs implements SqsClient {
        private final String events;
        private final List<Rehearsal.Message> sent = new ArrayList<>();

        /** With the URL of the queue of the events; what is sent elsewhere is dead. */
        Sqs(String events) {
            this.events = events;
        }

        @Override
        public synchronized SendMessageResponse sendMessage(SendMessageRequest request) {
            if (events.equals(request.queueUrl())) {
                int delay = request.delaySeconds() == null ? 0 : request.delaySeconds();
                sent.add(new Rehearsal.Message(request.messageBody(), Duration.ofSeconds(delay)));
            }
            return SendMessageResponse.builder().messageId("message-" + sent.size()).build();
        }

        /** What was sent since the last time, in order. */
        synchronized List<Rehearsal.Message> taken() {
            List<Rehearsal.Message> taken = List.copyOf(sent);
            sent.clear();
            return taken;
        }

        @Override
        public String serviceName() {
            return "sqs";
        }

        @Override
        public void close() {}
    }

    /** SNS, which takes everything and sends nothing. */
    static final class Sns implements SnsClient {
        @Override
        public PublishResponse publish(PublishRequest request) {
            return PublishResponse.builder().messageId("notification").build();
        }

        @Override
        public String serviceName() {
            return "sns";
        }

        @Override
        public void close() {}
    }
}
