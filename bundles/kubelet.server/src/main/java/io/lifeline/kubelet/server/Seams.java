package io.lifeline.kubelet.server;

import io.lifeline.node.api.DebugPods;
import io.lifeline.node.api.ServingCertificates;
import io.lifeline.node.api.WorkerJournal;
import io.lifeline.security.api.Authenticator;
import io.lifeline.security.api.Authorizer;
import io.lifeline.session.api.SessionEngine;

/** The services of other bundles that the kubelet API works with. */
record Seams(
    Seam<Authenticator> authenticator,
    Seam<Authorizer> authorizer,
    Seam<DebugPods> pods,
    Seam<SessionEngine> sessions,
    Seam<ServingCertificates> certificates,
    Seam<WorkerJournal> journal,
    Protocols protocols) {

  static Seams unbound() {
    return new Seams(
        Seam.of(Authenticator.class, "io.lifeline.security.delegated"),
        Seam.of(Authorizer.class, "io.lifeline.security.delegated"),
        Seam.of(DebugPods.class, "io.lifeline.debugpod"),
        Seam.of(SessionEngine.class, "io.lifeline.session.engine"),
        Seam.of(ServingCertificates.class, "io.lifeline.node.credential"),
        Seam.of(WorkerJournal.class, "io.lifeline.runtime.oci"),
        new Protocols());
  }

  /** From now on nothing is forgotten: what is still being answered is answered with these. */
  void keep() {
    authenticator.keep();
    authorizer.keep();
    pods.keep();
    sessions.keep();
    certificates.keep();
    journal.keep();
    protocols.keep();
  }
}
