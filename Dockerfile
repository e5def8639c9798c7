# The steward as an image: `mvn -q package -DskipTests && docker build -t ecs-steward .`
#
# For both architectures: docker buildx build --platform linux/amd64,linux/arm64. Both stages are of the TARGETPLATFORM, as a JVM
# uses only an AOT cache that its own kind has made; where that is not the BUILDPLATFORM, the training run is emulated. The jars
# come from the host, where Maven has made them for every platform. No step needs a shell or the network.
ARG BASE=docker.io/library/eclipse-temurin:25.0.3_9-jre-noble

FROM ${BASE} AS trained
WORKDIR /app
COPY target/lib lib/
COPY target/ecs-steward-thin.jar ecs-steward.jar
COPY samples /samples/
# Ten seconds of work on the samples, with queue, ECS and Slack played by the same process: then the JVM knows which classes
# the steward needs and how it works. The flags that shape objects must be the ENTRYPOINT's, or the cache is not used there.
RUN ["java", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:AOTCacheOutput=/app/ecs-steward.aot", \
     "-jar", "ecs-steward.jar", "train", "/samples"]

FROM ${BASE}
LABEL org.opencontainers.image.title="ECS Steward" \
      org.opencontainers.image.description="Looks after Amazon ECS: events in from SQS, services updated, Slack told once." \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# The libraries are a layer of their own, so a change of ours does not ship them again. Everyone may read, whatever the umask was
# where they were built.
COPY --chmod=0755 --from=trained /app/lib lib/
COPY --chmod=0755 --from=trained /app/ecs-steward.jar /app/ecs-steward.aot ./
# By number: a name would need an entry in the base's passwd, and Kubernetes could not tell that it is not root.
USER 10001:10001
EXPOSE 8080
# It exits with 0 when the steward is ready and with 1 when it is not.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["java", "-Xmx16m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", \
       "-XX:AOTCache=/app/ecs-steward.aot", "-jar", "/app/ecs-steward.jar", "health"]
# Half of the memory for the heap: the other half is for classes, compiled code, threads and the health check's own JVM.
# More flags: JAVA_TOOL_OPTIONS.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError", \
            "-XX:-UsePerfData", "-XX:AOTCache=/app/ecs-steward.aot", "-jar", "/app/ecs-steward.jar"]
