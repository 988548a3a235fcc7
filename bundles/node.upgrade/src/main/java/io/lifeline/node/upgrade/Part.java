package io.lifeline.node.upgrade;

import java.nio.file.Path;
import org.osgi.framework.Version;

/**
 * One bundle of a release.
 *
 * @param jar our own copy of it, which nobody else writes to
 * @param exports whether others may be wired to it: it is a contract then
 */
record Part(String symbolicName, Version version, Path jar, boolean exports) {}
