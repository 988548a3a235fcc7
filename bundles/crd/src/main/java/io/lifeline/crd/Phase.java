package io.lifeline.crd;

/** Where a rescue is, as the operator sees it; the names are as they appear in the API. */
public enum Phase {
  /** It was not taken on: the condition Accepted says why. */
  Refused,
  /** The worker is Ready, or nobody knows better: nothing to do. */
  Watching,
  /** The worker is not Ready; its agent has not requested a certificate yet. */
  WaitingForAgent,
  /** A person has to approve the certificate request. */
  AwaitingApproval,
  /** Approved; the backup node is coming up. */
  Approved,
  /** The backup Node is Ready; there is no debug pod yet. */
  BackupNodeReady,
  /** The debug pod runs. */
  DebugPodRunning,
  /** The rescue ends: what came with it is being removed. */
  Ending
}
