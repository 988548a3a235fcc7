package io.lifeline.node.api;

import java.nio.file.Path;

/**
 * A worker as values alone: they are the same whichever version of a bundle found them out, so that
 * replacing that bundle changes nothing for those who use them.
 */
public record WorkerFacts(
    String name, String backupName, String address, int kubeletPort, Path root, Path state)
    implements Worker {}
