package io.ecssteward.testing;

import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.EcsServiceClientConfiguration;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.TagResourceResponse;
import software.amazon.awssdk.services.ecs.model.UntagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UntagResourceResponse;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/** An ECS client whose calls a test has fail, stall or lose their answers. */
final class FaultyEcsClient implements EcsClient {
    private final EcsClient client;
    private final Calls calls;

    /** Makes a call, or has something else happen. */
    interface Calls {
        <T> T call(String operation, Supplier<T> call);
    }

    FaultyEcsClient(EcsClient client, Calls calls) {
        this.client = client;
        this.calls = calls;
    }

    @Override
    public UpdateServiceResponse updateService(UpdateServiceRequest request) {
        return calls.call(FakeEcs.UPDATE_SERVICE, () -> client.updateService(request));
    }

    @Override
    public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
        return calls.call(FakeEcs.DESCRIBE_SERVICES, () -> client.describeServices(request));
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        return calls.call(FakeEcs.DESCRIBE_CLUSTERS, () -> client.describeClusters(request));
    }

    @Override
    public ListContainerInstancesResponse listContainerInstances(ListContainerInstancesRequest request) {
        return calls.call(FakeEcs.LIST_CONTAINER_INSTANCES, () -> client.listContainerInstances(request));
    }

    @Override
    public DescribeContainerInstancesResponse describeContainerInstances(DescribeContainerInstancesRequest request) {
        return calls.call(FakeEcs.DESCRIBE_CONTAINER_INSTANCES, () -> client.describeContainerInstances(request));
    }

    @Override
    public ListServiceDeploymentsResponse listServiceDeployments(ListServiceDeploymentsRequest request) {
        return calls.call(FakeEcs.LIST_SERVICE_DEPLOYMENTS, () -> client.listServiceDeployments(request));
    }

    @Override
    public DescribeServiceRevisionsResponse describeServiceRevisions(DescribeServiceRevisionsRequest request) {
        return calls.call(FakeEcs.DESCRIBE_SERVICE_REVISIONS, () -> client.describeServiceRevisions(request));
    }

    @Override
    public DescribeTaskDefinitionResponse describeTaskDefinition(DescribeTaskDefinitionRequest request) {
        return calls.call(FakeEcs.DESCRIBE_TASK_DEFINITION, () -> client.describeTaskDefinition(request));
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return calls.call(FakeEcs.TAG_RESOURCE, () -> client.tagResource(request));
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return calls.call(FakeEcs.UNTAG_RESOURCE, () -> client.untagResource(request));
    }

    @Override
    public ListServicesResponse listServices(ListServicesRequest request) {
        return calls.call(FakeEcs.LIST_SERVICES, () -> client.listServices(request));
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest request) {
        return calls.call(FakeEcs.LIST_CLUSTERS, () -> client.listClusters(request));
    }

    @Override
    public ListTasksResponse listTasks(ListTasksRequest request) {
        return calls.call(FakeEcs.LIST_TASKS, () -> client.listTasks(request));
    }

    @Override
    public UpdateContainerInstancesStateResponse updateContainerInstancesState(
            UpdateContainerInstancesStateRequest request) {
        return calls.call(
                FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE, () -> client.updateContainerInstancesState(request));
    }

    @Override
    public EcsServiceClientConfiguration serviceClientConfiguration() {
        return client.serviceClientConfiguration();
    }

    @Override
    public String serviceName() {
        return "ecs";
    }

    @Override
    public void close() {}
}
