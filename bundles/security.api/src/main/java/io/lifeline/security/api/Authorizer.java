package io.lifeline.security.api;

/** Says whether somebody may do something to the backup node. Failing to find out is a no. */
public interface Authorizer {

  /** Any thread; may block for a second or two. Never throws for a failing check: that is a no. */
  Decision decide(Identity who, Access what);
}
