# Build: `mvn -q package -DskipTests && docker build -t ecs-steward .`
#
# For both architectures: docker buildx build --platform linux/amd64,linux/arm64. Both stages run on the TARGETPLATFORM, because a JVM
# uses only an AOT cache made by the same JVM; on another BUILDPLATFORM the training run is emulated. The jars come from the host and
# fit every platform. No step needs a shell or the network.
ARG BASE=docker.io/library/eclipse-temurin:25.0.3_9-jre-noble

FROM ${BASE} AS trained
WORKDIR /app
COPY target/lib lib/
COPY target/ecs-steward-thin.jar ecs-steward.jar
COPY target/test-classes/io/ecssteward/bench /bench/io/ecssteward/bench/
COPY samples /samples/
# The training run for the AOT cache: the ENTRYPOINT's command works on the samples, beside fakes of SQS, ECS and Slack. The flags
# that change the layout of objects must be those of the ENTRYPOINT, or the JVM rejects the cache there.
RUN ["java", "-cp", "/bench:lib/*", "io.ecssteward.bench.AotTraining", "/samples", "ecs-steward.aot", \
     "java", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:AOTCacheOutput=ecs-steward.aot", "-jar", "ecs-steward.jar"]

FROM ${BASE}
LABEL org.opencontainers.image.title="ECS Steward" \
      org.opencontainers.image.description="Looks after Amazon ECS: events in from SQS, services updated, Slack told once." \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# The libraries are a layer of their own, so that a new version does not ship them again. Readable by everyone, whatever the umask of
# the build.
COPY --chmod=0755 --from=trained /app/lib lib/
COPY --chmod=0755 --from=trained /app/ecs-steward.jar /app/ecs-steward.aot ./
# By number: a name needs an entry in the base's passwd, and Kubernetes cannot check that a name is not root.
USER 10001:10001
EXPOSE 8080
# Exit code 0 if ready, 1 if not.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["java", "-Xmx16m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", \
       "-XX:AOTCache=/app/ecs-steward.aot", "-jar", "/app/ecs-steward.jar", "health"]
# Half of the memory is for the heap; the rest is for classes, compiled code, threads and the JVM of the health check.
# Add flags with JAVA_TOOL_OPTIONS.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError", \
            "-XX:-UsePerfData", "-XX:AOTCache=/app/ecs-steward.aot", "-jar", "/app/ecs-steward.jar"]
