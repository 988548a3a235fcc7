package io.lifeline.session.api;

/**
 * A container whose runtime's bundle was replaced: the streams of its main process end in the
 * objects of the old one, and only they can attach to it and know what it said. A service,
 * registered in this contract's own name, until the main process has ended.
 */
public interface EarlierContainer {

  DebugContainer container();
}
