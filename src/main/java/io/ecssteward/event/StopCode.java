package io.ecssteward.event;

/**
 * What a task's stop code means, as the title of an alert.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html">Task: stopCode</a>
 */
final class StopCode {
    private StopCode() {}

    static String explain(String stopCode, String name) {
        return switch (stopCode == null ? "" : stopCode) {
            case "TaskFailedToStart" -> name + " failed to start";
            case "EssentialContainerExited" -> name + " stopped: an essential container exited";
            case "UserInitiated" -> name + " was stopped by a user";
            case "ServiceSchedulerInitiated" -> name + " was stopped by its service";
            case "InfrastructureHealth" -> name + " stopped: its infrastructure became unhealthy";
            case "SpotInterruption", "TerminationNotice" -> name + " was interrupted by Fargate Spot";
            case "" -> name + " stopped";
            default -> name + " stopped: " + stopCode;
        };
    }
}
