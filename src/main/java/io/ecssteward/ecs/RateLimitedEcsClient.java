package io.ecssteward.ecs;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.EcsServiceClientConfiguration;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersResponse;
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
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
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

/**
 * An ECS client that stays below ECS's throttling rates, so that a burst of events neither fails calls nor uses up the
 * API quota of the account: a call over the limit waits in the calling thread. It updates 580 services in a minute and
 * 59 seconds.
 *
 * <p>It does not know about other callers: if ECS throttles anyway, it pauses calls of that bucket for a second.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html">Request throttling
 *     for the Amazon ECS API: buckets for each account and Region</a>
 */
public final class RateLimitedEcsClient implements EcsClient {

    /**
     * Steward's share of each bucket. The rest is for people and deployment pipelines: five updates at once, then one
     * every two seconds. With 98 %, Steward would update 632 services in that time, but others could make only one
     * update every ten seconds, in the two minutes in which they may need it most. Calls can also reach ECS closer
     * together than they were sent. The rest absorbs that; if it does not, each second of waiting after a throttled
     * call costs five updates.
     */
    private static final double SHARE = 0.9;

    private final EcsClient ecs;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private final RateLimit serviceModify;
    private final RateLimit serviceRead;
    private final RateLimit clusterRead;
    private final RateLimit clusterResourceRead;
    private final RateLimit clusterResourceModify;
    private final RateLimit capacityProviderRead;
    private final RateLimit tagModify;

    /** Only people's requests read the deployment history, so a low rate is enough. */
    private final RateLimit historyRead;

    /** Waits for some nanoseconds; tests replace it. */
    @FunctionalInterface
    public interface Pause {
        void nanos(long nanos) throws InterruptedException;
    }

    /** Limits the calls of another client, which is closed together with this one. */
    public RateLimitedEcsClient(EcsClient ecs) {
        this(ecs, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    /** The same with another clock, for tests. */
    public RateLimitedEcsClient(EcsClient ecs, LongSupplier nanoTime, Pause pause) {
        this.ecs = ecs;
        this.nanoTime = nanoTime;
        this.pause = pause;
        serviceModify = share(50, 5);
        serviceRead = share(100, 20);
        clusterRead = share(50, 20);
        clusterResourceRead = share(100, 20);
        clusterResourceModify = share(100, 40);
        capacityProviderRead = share(50, 20);
        tagModify = share(20, 10);
        historyRead = share(20, 5);
    }

    private RateLimit share(int burst, int perSecond) {
        return new RateLimit(burst * SHARE, perSecond * SHARE, nanoTime.getAsLong());
    }

    @Override
    public UpdateServiceResponse updateService(UpdateServiceRequest request) {
        return call(serviceModify, () -> ecs.updateService(request));
    }

    @Override
    public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
        return call(serviceRead, () -> ecs.describeServices(request));
    }

    @Override
    public ListServicesResponse listServices(ListServicesRequest request) {
        return call(serviceRead, () -> ecs.listServices(request));
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return call(tagModify, () -> ecs.tagResource(request));
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return call(tagModify, () -> ecs.untagResource(request));
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest request) {
        return call(clusterRead, () -> ecs.listClusters(request));
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        return call(clusterRead, () -> ecs.describeClusters(request));
    }

    @Override
    public ListContainerInstancesResponse listContainerInstances(ListContainerInstancesRequest request) {
        return call(clusterResourceRead, () -> ecs.listContainerInstances(request));
    }

    @Override
    public DescribeContainerInstancesResponse describeContainerInstances(DescribeContainerInstancesRequest request) {
        return call(clusterResourceRead, () -> ecs.describeContainerInstances(request));
    }

    @Override
    public ListServiceDeploymentsResponse listServiceDeployments(ListServiceDeploymentsRequest request) {
        return call(historyRead, () -> ecs.listServiceDeployments(request));
    }

    @Override
    public DescribeServiceRevisionsResponse describeServiceRevisions(DescribeServiceRevisionsRequest request) {
        return call(historyRead, () -> ecs.describeServiceRevisions(request));
    }

    @Override
    public DescribeTaskDefinitionResponse describeTaskDefinition(DescribeTaskDefinitionRequest request) {
        return call(historyRead, () -> ecs.describeTaskDefinition(request));
    }

    @Override
    public DescribeCapacityProvidersResponse describeCapacityProviders(DescribeCapacityProvidersRequest request) {
        return call(capacityProviderRead, () -> ecs.describeCapacityProviders(request));
    }

    @Override
    public ListTasksResponse listTasks(ListTasksRequest request) {
        return call(clusterResourceRead, () -> ecs.listTasks(request));
    }

    @Override
    public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
        return call(clusterResourceRead, () -> ecs.describeTasks(request));
    }

    @Override
    public UpdateContainerInstancesStateResponse updateContainerInstancesState(
            UpdateContainerInstancesStateRequest request) {
        return call(clusterResourceModify, () -> ecs.updateContainerInstancesState(request));
    }

    private <T> T call(RateLimit limit, Supplier<T> call) {
        long wait = limit.take(nanoTime.getAsLong());
        if (wait > 0) {
            try {
                pause.nanos(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw SdkClientException.create("interrupted while the rate limit was to be kept");
            }
        }
        try {
            return call.get();
        } catch (AwsServiceException e) {
            if (e.isThrottlingException()) {
                limit.throttled(nanoTime.getAsLong());
            }
            throw e;
        }
    }

    @Override
    public EcsServiceClientConfiguration serviceClientConfiguration() {
        return ecs.serviceClientConfiguration();
    }

    @Override
    public String serviceName() {
        return ecs.serviceName();
    }

    @Override
    public void close() {
        ecs.close();
    }
}
