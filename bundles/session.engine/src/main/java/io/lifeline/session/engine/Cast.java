package io.lifeline.session.engine;

import java.nio.ByteBuffer;

/** What is written down of a session. */
interface Cast {

  void output(ByteBuffer bytes);
}
