package io.ecssteward.terraform;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The methods of AWS clients that compiled classes refer to, read from their constant pools: what is not in there
 * cannot be called, whether a test gets there or not. A reference is counted, also when it stands in code that never
 * runs.
 *
 * @see <a href="https://docs.oracle.com/javase/specs/jvms/se17/html/jvms-4.html#jvms-4.4">The constant pool</a>
 */
final class CalledOperations {
    private CalledOperations() {}

    private static final Pattern CLIENT = Pattern.compile("software/amazon/awssdk/services/(\\w+)/\\w+Client");

    /** What clients have beside their operations. */
    private static final Set<String> NO_OPERATIONS =
            Set.of("builder", "create", "close", "serviceName", "serviceClientConfiguration");

    /**
     * The operations that the classes in a folder call.
     *
     * @return such as {@code sqs:DeleteMessageBatch}
     * @throws IllegalStateException when a client has a method that is neither an operation nor known to be none
     */
    static Set<String> in(Path classes) {
        Set<String> operations = new TreeSet<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                read(file, operations);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return operations;
    }

    private static void read(Path file, Set<String> operations) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            in.skipNBytes(8);
            int size = in.readUnsignedShort();
            String[] texts = new String[size];
            int[] first = new int[size];
            int[] second = new int[size];
            Set<Integer> methods = new TreeSet<>();
            for (int i = 1; i < size; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts[i] = in.readUTF();
                    case 3, 4 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        i++;
                    }
                    case 7, 8, 16, 19, 20 -> first[i] = in.readUnsignedShort();
                    case 9, 10, 11, 12, 17, 18 -> {
                        first[i] = in.readUnsignedShort();
                        second[i] = in.readUnsignedShort();
                        if (tag == 10 || tag == 11) {
                            methods.add(i);
                        }
                    }
                    case 15 -> in.skipNBytes(3);
                    default ->
                        throw new IllegalStateException(file + ": constant " + i + " has the unknown tag " + tag);
                }
            }
            for (int method : methods) {
                Matcher client = CLIENT.matcher(texts[first[first[method]]]);
                String name = texts[first[second[method]]];
                if (client.matches() && !NO_OPERATIONS.contains(name)) {
                    operations.add(client.group(1) + ":" + operation(client.group(1), name));
                }
            }
        }
    }

    private static String operation(String service, String method) {
        String name = method.substring(0, 1).toUpperCase() + method.substring(1).replaceAll("Paginator$", "");
        try {
            Class.forName("software.amazon.awssdk.services." + service + ".model." + name + "Request");
            return name;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "the client of " + service + " has the method " + method + ", which is no operation: say so here",
                    e);
        }
    }
}
